#include "tests/core/distances/batches.h"

#include <ATen/CPUGeneratorImpl.h>

#include <vector>

#include "core/distances/pairwise.h"

namespace oodml::testing {

at::Generator seeded(std::uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

torch::Tensor labels_of(std::initializer_list<std::int64_t> values) {
  return at::tensor(std::vector<std::int64_t>(values), at::kLong);
}

torch::Tensor random_unit_rows(std::int64_t rows, std::int64_t dim, std::uint64_t seed, at::ScalarType type) {
  return distances::unit_rows(at::randn({rows, dim}, seeded(seed), at::TensorOptions(at::kDouble))).to(type);
}

}  // namespace oodml::testing
