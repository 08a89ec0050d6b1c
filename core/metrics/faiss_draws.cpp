#include "core/metrics/faiss_draws.h"

#include <faiss/utils/random.h>

namespace oodml::metrics {

std::vector<std::int64_t> first_centroid_rows(std::int64_t n, std::int64_t count, int seed) {
  std::vector<int> order(static_cast<std::size_t>(n));
  faiss::rand_perm(order.data(), order.size(), seed + 1);
  return {order.begin(), order.begin() + count};
}

struct SplitDraws::Generator {
  faiss::RandomGenerator numbers{1234};
};

SplitDraws::SplitDraws() : generator_(std::make_unique<Generator>()) {}
SplitDraws::~SplitDraws() = default;

float SplitDraws::next() { return generator_->numbers.rand_float(); }

}  // namespace oodml::metrics
