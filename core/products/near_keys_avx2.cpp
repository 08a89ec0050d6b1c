#include "core/products/near_keys.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <bit>

#define OODML_AVX2 __attribute__((target("avx2,fma")))

namespace oodml::products {
namespace {

constexpr std::int64_t kLanes = 8;

/// A row's part of its keys, in every lane.
struct RowPart {
  __m256 first, second;
};

OODML_AVX2 inline RowPart row_part(const KeyParts& parts, std::int64_t i) {
  if (parts.form == KeyForm::kSquaredDistance) return {_mm256_set1_ps(parts.squares[i]), _mm256_setzero_ps()};
  return {_mm256_set1_ps(parts.offsets[i]), _mm256_set1_ps(parts.inverse_norms[i])};
}

template <KeyForm form>
OODML_AVX2 inline __m256 keys_of(__m256 products, const RowPart& row, const KeyParts& columns, std::int64_t j) {
  if constexpr (form == KeyForm::kSquaredDistance) {
    const __m256 sums = _mm256_add_ps(row.first, _mm256_loadu_ps(columns.squares + j));
    return _mm256_fnmadd_ps(_mm256_set1_ps(2.0f), products, sums);
  } else {
    const __m256 offsets = _mm256_add_ps(row.first, _mm256_loadu_ps(columns.offsets + j));
    const __m256 inverses = _mm256_mul_ps(row.second, _mm256_loadu_ps(columns.inverse_norms + j));
    const __m256 cosines = _mm256_add_ps(products, offsets);
    return _mm256_fnmadd_ps(cosines, inverses, _mm256_set1_ps(1.0f));
  }
}

OODML_AVX2 inline unsigned up_to(__m256 keys, __m256 limits) {
  return static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(keys, limits, _CMP_LE_OQ)));
}

/// Keys by lane.
struct Near {
  alignas(32) float keys[kLanes];

  OODML_AVX2 explicit Near(__m256 all) { _mm256_store_ps(keys, _mm256_max_ps(all, _mm256_setzero_ps())); }
};

inline void append_to_row(const NearLists& lists, std::int64_t row, unsigned near, const Near& of,
                          std::uint32_t first) {
  std::int64_t at = row * lists.capacity + lists.counts[row];
  lists.counts[row] += static_cast<std::uint32_t>(std::popcount(near));
  for (; near != 0; near &= near - 1, ++at) {
    const int lane = std::countr_zero(near);
    lists.keys[at] = of.keys[lane];
    lists.rows[at] = first + static_cast<std::uint32_t>(lane);
  }
}

inline void append_to_columns(const NearLists& lists, std::int64_t first, unsigned near, const Near& of,
                              std::uint32_t row) {
  for (; near != 0; near &= near - 1) {
    const int lane = std::countr_zero(near);
    const std::int64_t column = first + lane, at = column * lists.capacity + lists.counts[column]++;
    lists.keys[at] = of.keys[lane];
    lists.rows[at] = row;
  }
}

template <KeyForm form>
OODML_AVX2 void find_in_form(const KeyTile& tile, const NearLists& of_rows, const NearLists* of_columns) {
  for (std::int64_t i = 0; i < tile.height; ++i) {
    const RowPart row = row_part(tile.row_parts, i);
    const __m256 row_limit = _mm256_set1_ps(tile.row_limits[i]);
    const std::uint32_t number = tile.first_row + static_cast<std::uint32_t>(i);
    for (std::int64_t j = 0; j < tile.width; j += kLanes) {
      const unsigned inside = (1u << std::min(kLanes, tile.width - j)) - 1;
      const __m256 products = _mm256_loadu_ps(tile.products + i * tile.stride + j);
      const __m256 keys = keys_of<form>(products, row, tile.column_parts, j);
      const unsigned of_row = up_to(keys, row_limit) & inside;
      unsigned of_column = 0;
      if (of_columns != nullptr) of_column = up_to(keys, _mm256_loadu_ps(tile.column_limits + j)) & inside;
      if ((of_row | of_column) == 0) continue;
      const Near near(keys);
      if (of_row != 0) append_to_row(of_rows, i, of_row, near, tile.first_column + static_cast<std::uint32_t>(j));
      if (of_column != 0) append_to_columns(*of_columns, j, of_column, near, number);
    }
  }
}

void find(const KeyTile& tile, const NearLists& of_rows, const NearLists* of_columns) {
  if (tile.row_parts.form == KeyForm::kSquaredDistance) {
    find_in_form<KeyForm::kSquaredDistance>(tile, of_rows, of_columns);
  } else {
    find_in_form<KeyForm::kCosine>(tile, of_rows, of_columns);
  }
}

}  // namespace

const FindNear kAvx2FindNear = find;

}  // namespace oodml::products
#undef OODML_AVX2
#endif
