#include "core/products/near_keys.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <limits>

#define OODML_AVX512 __attribute__((target("avx512f")))

namespace oodml::products {
namespace {

constexpr std::int64_t kLanes = 16;
constexpr __mmask16 kEveryLane = 0xffff;  // GCC 12 warns of the form without a mask

/// A row's part of its keys, in every lane.
struct RowPart {
  __m512 first, second, step;
};

OODML_AVX512 inline RowPart row_part(const KeyParts& parts, std::int64_t i) {
  const __m512 step = _mm512_set1_ps(parts.steps == nullptr ? 1.0f : parts.steps[i]);
  if (parts.form == KeyForm::kSquaredDistance) return {_mm512_set1_ps(parts.squares[i]), _mm512_setzero_ps(), step};
  return {_mm512_set1_ps(parts.offsets[i]), _mm512_set1_ps(parts.inverse_norms[i]), step};
}

template <bool of_integers>
OODML_AVX512 inline __m512 products_of(const KeyTile& tile, const RowPart& row, std::int64_t i, std::int64_t j) {
  if constexpr (!of_integers) return _mm512_loadu_ps(tile.products + i * tile.stride + j);
  const __m512i integers = _mm512_loadu_si512(tile.integers + i * tile.stride + j);
  const __m512 steps = _mm512_mul_ps(row.step, _mm512_loadu_ps(tile.column_parts.steps + j));
  const __mmask16 out = _mm512_cmpeq_epi32_mask(integers, _mm512_set1_epi32(kTakenOut));
  return _mm512_mask_mov_ps(_mm512_mul_ps(_mm512_maskz_cvtepi32_ps(kEveryLane, integers), steps), out,
                            _mm512_set1_ps(-std::numeric_limits<float>::infinity()));
}

template <KeyForm form>
OODML_AVX512 inline __m512 keys_of(__m512 products, const RowPart& row, const KeyParts& columns, std::int64_t j) {
  if constexpr (form == KeyForm::kSquaredDistance) {
    const __m512 sums = _mm512_add_ps(row.first, _mm512_loadu_ps(columns.squares + j));
    return _mm512_fnmadd_ps(_mm512_set1_ps(2.0f), products, sums);
  } else {
    const __m512 offsets = _mm512_add_ps(row.first, _mm512_loadu_ps(columns.offsets + j));
    const __m512 inverses = _mm512_mul_ps(row.second, _mm512_loadu_ps(columns.inverse_norms + j));
    const __m512 cosines = _mm512_add_ps(products, offsets);
    return _mm512_fnmadd_ps(cosines, inverses, _mm512_set1_ps(1.0f));
  }
}

OODML_AVX512 inline void append_to_row(const NearLists& lists, std::int64_t row, __mmask16 near, __m512 keys,
                                       __m512i columns) {
  const std::int64_t at = row * lists.capacity + lists.counts[row];
  _mm512_storeu_ps(lists.keys + at, _mm512_maskz_compress_ps(near, keys));
  _mm512_storeu_si512(lists.rows + at, _mm512_maskz_compress_epi32(near, columns));
  lists.counts[row] += static_cast<std::uint32_t>(std::popcount(static_cast<unsigned>(near)));
}

OODML_AVX512 inline void append_to_columns(const NearLists& lists, std::int64_t first, __mmask16 near, __m512 keys,
                                           std::uint32_t row) {
  alignas(64) float values[kLanes];
  _mm512_store_ps(values, keys);
  for (unsigned left = near; left != 0; left &= left - 1) {
    const int lane = std::countr_zero(left);
    const std::int64_t column = first + lane, at = column * lists.capacity + lists.counts[column]++;
    lists.keys[at] = values[lane];
    lists.rows[at] = row;
  }
}

template <KeyForm form, bool of_integers>
OODML_AVX512 void find_in_form(const KeyTile& tile, const NearLists& of_rows, const NearLists* of_columns) {
  const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (std::int64_t i = 0; i < tile.height; ++i) {
    const RowPart row = row_part(tile.row_parts, i);
    const __m512 row_limit = _mm512_set1_ps(tile.row_limits[i]);
    const std::uint32_t number = tile.first_row + static_cast<std::uint32_t>(i);
    for (std::int64_t j = 0; j < tile.width; j += kLanes) {
      const auto inside = static_cast<__mmask16>((1u << std::min(kLanes, tile.width - j)) - 1);
      const __m512 keys = keys_of<form>(products_of<of_integers>(tile, row, i, j), row, tile.column_parts, j);
      const __mmask16 of_row = _mm512_mask_cmp_ps_mask(inside, keys, row_limit, _CMP_LE_OQ);
      __mmask16 of_column = 0;
      if (of_columns != nullptr) {
        of_column = _mm512_mask_cmp_ps_mask(inside, keys, _mm512_loadu_ps(tile.column_limits + j), _CMP_LE_OQ);
      }
      if ((of_row | of_column) == 0) continue;
      const __m512 clipped = _mm512_maskz_max_ps(kEveryLane, keys, _mm512_setzero_ps());
      if (of_row != 0) {
        const auto first = static_cast<int>(tile.first_column + static_cast<std::uint32_t>(j));
        append_to_row(of_rows, i, of_row, clipped, _mm512_add_epi32(lanes, _mm512_set1_epi32(first)));
      }
      if (of_column != 0) append_to_columns(*of_columns, j, of_column, clipped, number);
    }
  }
}

template <KeyForm form>
void find_keys(const KeyTile& tile, const NearLists& of_rows, const NearLists* of_columns) {
  if (tile.products == nullptr) {
    find_in_form<form, true>(tile, of_rows, of_columns);
  } else {
    find_in_form<form, false>(tile, of_rows, of_columns);
  }
}

void find(const KeyTile& tile, const NearLists& of_rows, const NearLists* of_columns) {
  if (tile.row_parts.form == KeyForm::kSquaredDistance) {
    find_keys<KeyForm::kSquaredDistance>(tile, of_rows, of_columns);
  } else {
    find_keys<KeyForm::kCosine>(tile, of_rows, of_columns);
  }
}

}  // namespace

const FindNear kAvx512FindNear = find;

}  // namespace oodml::products
#undef OODML_AVX512
#endif
