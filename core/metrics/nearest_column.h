#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace oodml::metrics {

/// products[j] = x.y_j becomes max((norm + norms[j]) - 2 products[j], 0): squared Euclidean distances, rounded in the
/// order in which FAISS rounds them.
void to_squared_distances(std::span<float> products, std::span<const float> norms, float norm);

/// Position of the smallest value, the first of equal ones; `values` is not empty and holds no NaN.
std::int64_t first_minimum(std::span<const float> values);

/// The columns of a row as screening sees them.
struct ScreenedColumns {
  std::span<const float> squares;  ///< of the columns' norms, as distances add them
  std::span<const float> norms;    ///< of the columns
  float error = 0.0f;              ///< of a squared distance, times the square of the sum of both norms
};

/// products[j] = x.c_j becomes the least that the squared distance of x and c_j can be; returns the smallest of the
/// most that they can be. `norm` is that of x.
float to_least_distances(std::span<float> products, const ScreenedColumns& columns, float norm);

/// Appends the positions of values up to `last`, ascending.
void append_up_to(std::span<const float> values, float last, std::vector<std::int64_t>& positions);

}  // namespace oodml::metrics
