#pragma once

#include <cstdint>

namespace oodml::distances {

/// values [n, n]: products of rows with each other become sqrt(max(||x_i||^2 + ||x_j||^2 - 2 x_i.x_j, squared_floor)).
void distances_in_place(float* values, std::int64_t n, float squared_floor);

}  // namespace oodml::distances
