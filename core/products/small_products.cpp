#include "core/products/small_products.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "core/products/packed_rows.h"

#pragma GCC diagnostic ignored "-Wpsabi"  // vectors are handed to functions that are inlined

namespace oodml::products {
namespace {

#define OODML_INSIDE [[gnu::always_inline]] static inline

constexpr int kPanels = 3;  // of columns, beside each other in registers

struct FourFloats {
  using Floats = float __attribute__((vector_size(16)));
  static constexpr int kRows = 4;
};
struct EightFloats {
  using Floats = float __attribute__((vector_size(32)));
  static constexpr int kRows = 4;  // 4 x 3 sums, three entries of columns and one of a row: all sixteen registers
};
struct SixteenFloats {
  using Floats = float __attribute__((vector_size(64)));
  static constexpr int kRows = 8;
};

/// Some rows of the left side, from one entry on.
struct LeftRows {
  const float* values;
  std::int64_t row_step, column_step;
};

/// to[k * stride + r] = from[r * step + k] for r and k below 8.
OODML_INSIDE void transpose_eight(const float* from, std::int64_t step, float* to, std::int64_t stride) {
  using Eight = EightFloats::Floats;
  Eight rows[8], pairs[8], fours[8];
#pragma GCC unroll 8
  for (int r = 0; r < 8; ++r) std::memcpy(&rows[r], from + r * step, sizeof(Eight));
#pragma GCC unroll 4
  for (int r = 0; r < 8; r += 2) {
    pairs[r] = __builtin_shufflevector(rows[r], rows[r + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[r + 1] = __builtin_shufflevector(rows[r], rows[r + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
#pragma GCC unroll 2
  for (int r = 0; r < 8; r += 4) {
    fours[r] = __builtin_shufflevector(pairs[r], pairs[r + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    fours[r + 1] = __builtin_shufflevector(pairs[r], pairs[r + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    fours[r + 2] = __builtin_shufflevector(pairs[r + 1], pairs[r + 3], 0, 1, 8, 9, 4, 5, 12, 13);
    fours[r + 3] = __builtin_shufflevector(pairs[r + 1], pairs[r + 3], 2, 3, 10, 11, 6, 7, 14, 15);
  }
#pragma GCC unroll 4
  for (int k = 0; k < 4; ++k) {
    const Eight low = __builtin_shufflevector(fours[k], fours[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    const Eight high = __builtin_shufflevector(fours[k], fours[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    std::memcpy(to + k * stride, &low, sizeof(Eight));
    std::memcpy(to + (k + 4) * stride, &high, sizeof(Eight));
  }
}

template <typename Lanes>
struct Small {
  using Floats = Lanes::Floats;
  static constexpr std::int64_t kLanes = sizeof(Floats) / sizeof(float), kWide = kPanels * kLanes;

  /// The products of `rows` rows with the first panels of a block.
  template <int rows, int panels>
  OODML_INSIDE void block(const LeftRows& left, const float* columns, std::int64_t depth, bool add, float* out,
                          std::int64_t stride) {
    Floats sums[rows][panels];
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r) {
#pragma GCC unroll 3
      for (int p = 0; p < panels; ++p) sums[r][p] = Floats{};
    }
    const float* const values = left.values;
    const std::int64_t row_step = left.row_step, column_step = left.column_step;
    for (std::int64_t k = 0; k < depth; ++k) {
      Floats entries[panels];
#pragma GCC unroll 3
      for (int p = 0; p < panels; ++p) std::memcpy(&entries[p], columns + k * kWide + p * kLanes, sizeof(Floats));
#pragma GCC unroll 8
      for (int r = 0; r < rows; ++r) {
        const Floats entry = values[r * row_step + k * column_step] - Floats{};
#pragma GCC unroll 3
        for (int p = 0; p < panels; ++p) sums[r][p] += entry * entries[p];
      }
    }
#pragma GCC unroll 8
    for (int r = 0; r < rows; ++r) {
#pragma GCC unroll 3
      for (int p = 0; p < panels; ++p) {
        float* const to = out + r * stride + p * kLanes;
        Floats before{};
        if (add) std::memcpy(&before, to, sizeof(Floats));
        before += sums[r][p];
        std::memcpy(to, &before, sizeof(Floats));
      }
    }
  }

  template <int rows>
  OODML_INSIDE void blocks(std::int64_t panels, const LeftRows& left, const float* columns, std::int64_t depth,
                           bool add, float* out, std::int64_t stride) {
    if (panels == 3) return block<rows, 3>(left, columns, depth, add, out, stride);
    if (panels == 2) return block<rows, 2>(left, columns, depth, add, out, stride);
    block<rows, 1>(left, columns, depth, add, out, stride);
  }

  /// Columns [first, first + count) of b, entries [from, from + depth), side by side; zeros up to a whole panel.
  OODML_INSIDE void lay(const MatrixView& b, std::int64_t first, std::int64_t count, std::int64_t from,
                        std::int64_t depth, float* to) {
    const std::int64_t padded = (count + kLanes - 1) / kLanes * kLanes;
    if (b.column_step == 1) {
      for (std::int64_t k = 0; k < depth; ++k) {
        const float* const row = b.values + (from + k) * b.row_step + first;
        if (count == kWide) {
          std::memcpy(to + k * kWide, row, kWide * sizeof(float));
        } else {
          std::fill(std::copy(row, row + count, to + k * kWide), to + k * kWide + padded, 0.0f);
        }
      }
      return;
    }
    std::int64_t j = 0;
    for (; kLanes >= 8 && j + 8 <= count; j += 8) {
      const float* const column = b.values + (first + j) * b.column_step + from;
      std::int64_t k = 0;
      for (; k + 8 <= depth; k += 8) transpose_eight(column + k, b.column_step, to + k * kWide + j, kWide);
      for (; k < depth; ++k) {
        for (std::int64_t r = 0; r < 8; ++r) to[k * kWide + j + r] = column[r * b.column_step + k];
      }
    }
    for (; j < padded; ++j) {
      const float* const column = b.values + (first + j) * b.column_step + from;
      for (std::int64_t k = 0; k < depth; ++k) to[k * kWide + j] = j < count ? column[k] : 0.0f;
    }
  }

  /// Rows [first, last) of a with the columns that were laid out.
  OODML_INSIDE void strip(const MatrixView& a, std::int64_t rows, std::int64_t from, std::int64_t depth,
                          const float* columns, std::int64_t count, float* out, std::int64_t stride) {
    constexpr int kRows = Lanes::kRows;
    const std::int64_t panels = (count + kLanes - 1) / kLanes;
    const bool whole = count == panels * kLanes, add = from > 0;
    alignas(64) float edge[kRows * kWide];
    for (std::int64_t i = 0; i < rows; i += kRows) {
      const LeftRows left{a.values + i * a.row_step + from * a.column_step, a.row_step, a.column_step};
      const std::int64_t height = std::min<std::int64_t>(kRows, rows - i);
      float* const to = out + i * stride;
      if (whole && height == kRows) {
        blocks<kRows>(panels, left, columns, depth, add, to, stride);
        continue;
      }
      if (height == kRows) {
        blocks<kRows>(panels, left, columns, depth, /*add=*/false, edge, kWide);
      } else {
        for (std::int64_t r = 0; r < height; ++r) {
          const LeftRows one{left.values + r * a.row_step, a.row_step, a.column_step};
          blocks<1>(panels, one, columns, depth, /*add=*/false, edge + r * kWide, kWide);
        }
      }
      for (std::int64_t r = 0; r < height; ++r) {
        for (std::int64_t j = 0; j < count; ++j) {
          to[r * stride + j] = edge[r * kWide + j] + (add ? to[r * stride + j] : 0.0f);
        }
      }
    }
  }

  OODML_INSIDE void run(const MatrixView& a, const MatrixView& b, float* out, Half half) {
    alignas(64) float columns[kDepth * kWide];
    for (std::int64_t j = 0; j < b.columns; j += kWide) {
      const std::int64_t count = std::min(kWide, b.columns - j);
      const std::int64_t rows = half == Half::kUpper ? std::min(a.rows, j + count) : a.rows;
      for (std::int64_t from = 0; from < b.rows; from += kDepth) {
        const std::int64_t depth = std::min(kDepth, b.rows - from);
        lay(b, j, count, from, depth, columns);
        strip(a, rows, from, depth, columns, count, out + j, b.columns);
      }
    }
  }
};

void run_plain(const MatrixView& a, const MatrixView& b, float* out, Half half) {
  Small<FourFloats>::run(a, b, out, half);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) void run_avx2(const MatrixView& a, const MatrixView& b, float* out, Half half) {
  Small<EightFloats>::run(a, b, out, half);
}

__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,prefer-vector-width=512"))) void run_avx512(
    const MatrixView& a, const MatrixView& b, float* out, Half half) {
  Small<SixteenFloats>::run(a, b, out, half);
}
#endif

}  // namespace

void multiply_small(const MatrixView& a, const MatrixView& b, float* out, Half half, Registers registers) {
  assert(a.columns == b.rows);
#if defined(__x86_64__)
  if (registers == Registers::kAvx512) return run_avx512(a, b, out, half);
  if (registers == Registers::kAvx2) return run_avx2(a, b, out, half);
#endif
  run_plain(a, b, out, half);
}

void multiply_with_itself(const MatrixView& rows, float* out) {
  const MatrixView columns{rows.values, rows.columns, rows.rows, rows.column_step, rows.row_step};
  multiply_small(rows, columns, out, Half::kUpper);
  for (std::int64_t i = 0; i < rows.rows; ++i) {
    for (std::int64_t j = i + 1; j < rows.rows; ++j) out[j * rows.rows + i] = out[i * rows.rows + j];
  }
}

}  // namespace oodml::products
