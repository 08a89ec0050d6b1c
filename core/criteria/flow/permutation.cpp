#include "core/criteria/flow/permutation.h"

#include <bit>
#include <random>
#include <utility>

namespace oodml::criteria {

torch::Tensor seeded_permutation(std::uint32_t seed, std::int64_t size) {
  std::mt19937 random(seed);
  auto permutation = at::arange(size, at::kLong);
  std::int64_t* const values = permutation.mutable_data_ptr<std::int64_t>();
  for (std::int64_t i = size - 1; i > 0; --i) {
    const auto last = static_cast<std::uint32_t>(i);
    const std::uint32_t mask = ~0u >> std::countl_zero(last);  // the smallest 2^b - 1 that is not below i
    std::uint32_t drawn = static_cast<std::uint32_t>(random()) & mask;
    while (drawn > last) drawn = static_cast<std::uint32_t>(random()) & mask;
    std::swap(values[i], values[drawn]);
  }
  return permutation;
}

}  // namespace oodml::criteria
