#pragma once

#include <cstdint>

namespace oodml::criteria {

/// One side of a product: `size` vectors of `dim` entries, as the rows of a matrix [size, dim] or as the columns of a
/// matrix [dim, size].
struct Vectors {
  const float* values;
  std::int64_t size, dim;
  bool are_columns = false;
};

/// out [a.size, b.size] = a_i . b_j, on this thread.
void multiply_vectors(const Vectors& a, const Vectors& b, float* out);

/// out [size, size] = a_i . a_j: half of the products, mirrored.
void multiply_with_itself(const Vectors& a, float* out);

/// Multiplications above which several threads of a library are worth more than one of ours.
inline constexpr std::int64_t kMostMultiplications = std::int64_t{1} << 26;

}  // namespace oodml::criteria
