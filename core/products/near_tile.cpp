#include "core/products/near_tile.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace oodml::products {

NearTile::NearTile(Registers registers)
    : find_(find_near(registers)), products_(std::make_unique_for_overwrite<float[]>(kMostRows * kStride)) {
  for (Lists* const lists : {&of_rows_, &of_columns_}) {
    lists->keys = std::make_unique_for_overwrite<float[]>(kMostRows * kStride);  // pages come with their use
    lists->rows = std::make_unique_for_overwrite<std::uint32_t[]>(kMostRows * kStride);
  }
  std::fill_n(products_.get(), kMostRows * kStride, 0.0f);  // what is read beside a product is a number
}

NearLists NearTile::Lists::cleared() {
  counts.assign(kMostRows, 0);
  return {.keys = keys.get(), .rows = rows.get(), .counts = counts.data(), .capacity = kStride};
}

NearRows NearTile::Lists::list(std::int64_t at) const {
  const std::size_t count = counts.empty() ? 0 : counts[at];
  return {.keys = {keys.get() + at * kStride, count}, .rows = {rows.get() + at * kStride, count}};
}

void NearTile::multiply(const PackedRows& set, RowRange rows, RowRange columns) {
  assert(rows.size() <= kMostRows && columns.size() <= kMostRows);
  rows_ = rows, columns_ = columns;
  products::multiply(set, rows, set, columns, products_.get(), kStride);
}

void NearTile::take_out(RowRange rows, RowRange columns) {
  const std::int64_t first = std::max(columns.first, columns_.first), last = std::min(columns.last, columns_.last);
  if (first >= last) return;
  for (std::int64_t i = std::max(rows.first, rows_.first); i < std::min(rows.last, rows_.last); ++i) {
    float* const row = products_.get() + (i - rows_.first) * kStride - columns_.first;
    std::fill(row + first, row + last, -std::numeric_limits<float>::infinity());
  }
}

void NearTile::find(const KeyParts& parts, const float* limits) {
  const KeyTile tile{.products = products_.get(),
                     .stride = kStride,
                     .height = rows_.size(),
                     .width = columns_.size(),
                     .row_parts = parts.from(rows_.first),
                     .column_parts = parts.from(columns_.first),
                     .row_limits = limits + rows_.first,
                     .column_limits = limits + columns_.first,
                     .first_row = static_cast<std::uint32_t>(rows_.first),
                     .first_column = static_cast<std::uint32_t>(columns_.first)};
  const NearLists near_rows = of_rows_.cleared(), near_columns = of_columns_.cleared();
  find_(tile, near_rows, is_diagonal() ? nullptr : &near_columns);
}

}  // namespace oodml::products
