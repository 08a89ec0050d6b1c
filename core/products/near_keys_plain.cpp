#include <limits>

#include "core/products/near_keys.h"

// For processors without registers of their own, and the judge of those that have.

namespace oodml::products {
namespace {

float product_of(const KeyTile& tile, std::int64_t i, std::int64_t j) {
  if (tile.products != nullptr) return tile.products[i * tile.stride + j];
  const std::int32_t integer = tile.integers[i * tile.stride + j];
  if (integer == kTakenOut) return -std::numeric_limits<float>::infinity();
  return static_cast<float>(integer) * (tile.row_parts.steps[i] * tile.column_parts.steps[j]);
}

float key_of(float product, const KeyParts& a, std::int64_t i, const KeyParts& b, std::int64_t j) {
  if (a.form == KeyForm::kSquaredDistance) return (a.squares[i] + b.squares[j]) - 2.0f * product;
  return 1.0f - (product + (a.offsets[i] + b.offsets[j])) * (a.inverse_norms[i] * b.inverse_norms[j]);
}

void append(const NearLists& lists, std::int64_t row, float key, std::uint32_t near) {
  const std::int64_t at = row * lists.capacity + lists.counts[row]++;
  lists.keys[at] = key > 0.0f ? key : 0.0f;
  lists.rows[at] = near;
}

void find(const KeyTile& tile, const NearLists& of_rows, const NearLists* of_columns) {
  for (std::int64_t i = 0; i < tile.height; ++i) {
    for (std::int64_t j = 0; j < tile.width; ++j) {
      const float key = key_of(product_of(tile, i, j), tile.row_parts, i, tile.column_parts, j);
      if (key <= tile.row_limits[i]) append(of_rows, i, key, tile.first_column + static_cast<std::uint32_t>(j));
      if (of_columns != nullptr && key <= tile.column_limits[j]) {
        append(*of_columns, j, key, tile.first_row + static_cast<std::uint32_t>(i));
      }
    }
  }
}

}  // namespace

const FindNear kPlainFindNear = find;

}  // namespace oodml::products
