#pragma once

#include <torch/types.h>

#include <cstdint>
#include <initializer_list>

namespace oodml::testing {

at::Generator seeded(std::uint64_t seed);
torch::Tensor labels_of(std::initializer_list<std::int64_t> values);
/// Rows of unit length, drawn from `seed`.
torch::Tensor random_unit_rows(std::int64_t rows, std::int64_t dim, std::uint64_t seed,
                               at::ScalarType type = at::kFloat);

}  // namespace oodml::testing
