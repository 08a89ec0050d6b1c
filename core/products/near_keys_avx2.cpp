#include "core/products/near_keys.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#define OODML_AVX2 __attribute__((target("avx2,fma,bmi,popcnt")))

namespace oodml::products {
namespace {

constexpr std::int64_t kLanes = 8;

/// A row's part of its keys, in every lane.
struct RowPart {
  __m256 first, second, step;
};

OODML_AVX2 inline RowPart row_part(const KeyParts& parts, std::int64_t i) {
  const __m256 step = _mm256_set1_ps(parts.steps == nullptr ? 1.0f : parts.steps[i]);
  if (parts.form == KeyForm::kSquaredDistance) return {_mm256_set1_ps(parts.squares[i]), _mm256_setzero_ps(), step};
  return {_mm256_set1_ps(parts.offsets[i]), _mm256_set1_ps(parts.inverse_norms[i]), step};
}

template <bool of_integers>
OODML_AVX2 inline __m256 products_of(const KeyTile& tile, const RowPart& row, std::int64_t i, std::int64_t j) {
  if constexpr (!of_integers) return _mm256_loadu_ps(tile.products + i * tile.stride + j);
  const __m256i integers = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(tile.integers + i * tile.stride + j));
  const __m256 steps = _mm256_mul_ps(row.step, _mm256_loadu_ps(tile.column_parts.steps + j));
  const __m256i out = _mm256_cmpeq_epi32(integers, _mm256_set1_epi32(kTakenOut));
  return _mm256_blendv_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(integers), steps),
                          _mm256_set1_ps(-std::numeric_limits<float>::infinity()), _mm256_castsi256_ps(out));
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

/// For each choice of lanes: which they are, one after the other.
constexpr auto kChosenLanes = [] {
  std::array<std::array<std::uint8_t, kLanes>, 1 << kLanes> chosen{};
  for (unsigned lanes = 0; lanes < chosen.size(); ++lanes) {
    int count = 0;
    for (unsigned left = lanes; left != 0; left &= left - 1) {
      chosen[lanes][count++] = static_cast<std::uint8_t>(std::countr_zero(left));
    }
  }
  return chosen;
}();

/// Appends the keys of the chosen lanes to a list, and first + the lane. Without a branch, as none could be foreseen.
OODML_AVX2 inline void append(const NearLists& lists, std::int64_t list, unsigned lanes, __m256 keys,
                              std::uint32_t first) {
  const std::int64_t at = list * lists.capacity + lists.counts[list];
  const __m256i chosen =
      _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(kChosenLanes[lanes].data())));
  const __m256 near = _mm256_max_ps(_mm256_permutevar8x32_ps(keys, chosen), _mm256_setzero_ps());
  _mm256_storeu_ps(lists.keys + at, near);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(lists.rows + at),
                      _mm256_add_epi32(chosen, _mm256_set1_epi32(static_cast<int>(first))));
  lists.counts[list] += static_cast<std::uint32_t>(std::popcount(lanes));
}

/// Rows become columns.
OODML_AVX2 inline void transpose(__m256 (&keys)[kLanes]) {
  __m256 pairs[kLanes], fours[kLanes];
#pragma GCC unroll 4
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = _mm256_unpacklo_ps(keys[i], keys[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_ps(keys[i], keys[i + 1]);
  }
#pragma GCC unroll 2
  for (int i = 0; i < 8; i += 4) {
    fours[i] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0x44);
    fours[i + 1] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0xee);
    fours[i + 2] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0x44);
    fours[i + 3] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0xee);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    keys[i] = _mm256_permute2f128_ps(fours[i], fours[i + 4], 0x20);
    keys[i + 4] = _mm256_permute2f128_ps(fours[i], fours[i + 4], 0x31);
  }
}

/// Eight rows, or `height` where these are the last ones, with eight columns.
template <KeyForm form, bool of_integers>
OODML_AVX2 inline void find_in_block(const KeyTile& tile, std::int64_t i, std::int64_t height, std::int64_t j,
                                     const NearLists& of_rows, const NearLists* of_columns) {
  const unsigned inside = (1u << std::min(kLanes, tile.width - j)) - 1;
  const __m256 column_limits = _mm256_loadu_ps(tile.column_limits + j);
  __m256 keys[kLanes];
  unsigned near_rows[kLanes], any_row = 0, any_column = 0;
#pragma GCC unroll 8
  for (std::int64_t r = 0; r < kLanes; ++r) {
    const std::int64_t at = i + std::min(r, height - 1);
    const RowPart row = row_part(tile.row_parts, at);
    keys[r] = keys_of<form>(products_of<of_integers>(tile, row, at, j), row, tile.column_parts, j);
    near_rows[r] = r < height ? up_to(keys[r], _mm256_set1_ps(tile.row_limits[at])) & inside : 0;
    any_row |= near_rows[r];
    any_column |= up_to(keys[r], column_limits);
  }
  if (any_row != 0) {
#pragma GCC unroll 8
    for (std::int64_t r = 0; r < height; ++r) {
      append(of_rows, i + r, near_rows[r], keys[r], tile.first_column + static_cast<std::uint32_t>(j));
    }
  }
  if (of_columns == nullptr || (any_column & inside) == 0) return;
  transpose(keys);
  const unsigned rows_inside = (1u << height) - 1;
  for (std::int64_t c = 0; c < std::min(kLanes, tile.width - j); ++c) {
    const unsigned near = up_to(keys[c], _mm256_set1_ps(tile.column_limits[j + c])) & rows_inside;
    append(*of_columns, j + c, near, keys[c], tile.first_row + static_cast<std::uint32_t>(i));
  }
}

template <KeyForm form, bool of_integers>
OODML_AVX2 void find_in_form(const KeyTile& tile, const NearLists& of_rows, const NearLists* of_columns) {
  for (std::int64_t i = 0; i < tile.height; i += kLanes) {
    const std::int64_t height = std::min(kLanes, tile.height - i);
    for (std::int64_t j = 0; j < tile.width; j += kLanes) {
      find_in_block<form, of_integers>(tile, i, height, j, of_rows, of_columns);
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

const FindNear kAvx2FindNear = find;

}  // namespace oodml::products
#undef OODML_AVX2
#endif
