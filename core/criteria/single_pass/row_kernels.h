#pragma once

#include <cstdint>
#include <limits>

#include "core/products/registers.h"

namespace oodml::criteria {

/// A term whose exponential is zero.
inline constexpr float kNoTerm = -std::numeric_limits<float>::max();

/// What the exponentials of a row's terms add up to.
struct ExponentialSum {
  float log = 0.0f;    ///< log(one + sum exp z), one being 0 or 1; 0 for an empty sum.
  float share = 0.0f;  ///< Times what was written for an entry: exp z / (one + sum exp z), the derivative in z.
};

/// Of a row of similarities.
struct Bounds {
  float lowest_same, highest_other;  ///< The largest and the lowest float where there is none.
};

/// How many entries of a row were taken.
struct Taken {
  std::int64_t same = 0, other = 0;
};

/// scale * s + shift
struct Line {
  float scale, shift;
};

/// weight * (s - threshold)
inline Line line_of(double weight, double threshold) {
  return {static_cast<float>(weight), static_cast<float>(-weight * threshold)};
}

/// Loops over one row of floats, of `n` entries, for one kind of vector registers.
struct RowKernels {
  /// out_j = exp(z_j - m), m the largest of the terms; 0 where `mask` (which may be null) says no. `out` may be `z`.
  ExponentialSum (*exponentials)(const float* z, const bool* mask, std::int64_t n, bool plus_one, float* out);
  /// to_j += factor * from_j, and returns sum_j from_j.
  float (*add_scaled)(float* to, const float* from, float factor, std::int64_t n);
  /// to_j += factor * from_j * weights_j.
  void (*add_weighted)(float* to, const float* from, const float* weights, float factor, std::int64_t n);
  /// sum_j a_j b_j.
  float (*dot)(const float* a, const float* b, std::int64_t n);
  /// sum_j (a_j - b_j + shift)^2.
  float (*squared_distance)(const float* a, const float* b, float shift, std::int64_t n);
  /// With step_j = factor * (a_j - b_j + shift): to_a_j += step_j, to_b_j -= step_j. The two may be one row.
  void (*spread)(const float* a, const float* b, float shift, float factor, std::int64_t n, float* to_a, float* to_b);
  /// out_j = scale * s_j * weights_j + shift; `weights` may be null, for ones.
  void (*line)(const float* s, const float* weights, float scale, float shift, std::int64_t n, float* out);
  /// Of the entries of the class `own` and of the others.
  Bounds (*bounds)(const float* s, const float* classes, float own, std::int64_t n);
  /// same_j = same_line of s_j where j is of the class `own` and s_j - margin < bounds.highest_other, other_j =
  /// other_line of s_j where it is of another class and s_j + margin > bounds.lowest_same; each kNoTerm elsewhere, and
  /// where s_j is.
  Taken (*take)(const float* s, const float* classes, float own, Bounds bounds, float margin, Line same_line,
                Line other_line, std::int64_t n, float* same, float* other);
};

/// Those for registers that this processor has, or the nearest narrower ones.
const RowKernels& row_kernels(products::Registers registers);
/// Those for the widest (core/products/registers.h).
inline const RowKernels& row_kernels() { return row_kernels(products::widest_registers()); }

}  // namespace oodml::criteria
