#include "core/distances/products_to_distances.h"

#include <cmath>
#include <vector>

#include "core/products/wide.h"

namespace oodml::distances {
namespace {

void row_in_place(float* values, const float* squares, float own, float squared_floor, std::int64_t n) {
  for (std::int64_t j = 0; j < n; ++j) {
    const float square = own + squares[j] - 2 * values[j];
    values[j] = std::sqrt(square < squared_floor ? squared_floor : square);  // not a number stays what it is
  }
}

void rows_in_place(float* values, const float* squares, float squared_floor, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) row_in_place(values + i * n, squares, squares[i], squared_floor, n);
}

}  // namespace

void distances_in_place(float* values, std::int64_t n, float squared_floor) {
  std::vector<float> squares(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) squares[i] = values[i * n + i];
  products::wide<rows_in_place>(values, static_cast<const float*>(squares.data()), squared_floor, n);
}

}  // namespace oodml::distances
