#include "core/samplers/stored_sampler.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace oodml::samplers {

Batches StoredSampler::epoch(std::uint64_t epoch, const torch::Tensor& stored) {
  if (!stored.defined() || stored.dim() != 2 || stored.size(0) != context_.samples()) {
    throw std::invalid_argument("a sampler needs one stored embedding for each of " +
                                std::to_string(context_.samples()) + " samples");
  }
  Batches batches(static_cast<std::size_t>(batches_per_epoch()));
  at::parallel_for(0, batches_per_epoch(), /*grain_size=*/1, [&](std::int64_t begin, std::int64_t end) {
    const at::NoGradGuard no_grad;  // a property of the thread
    for (std::int64_t i = begin; i < end; ++i) {
      Random random = context_.seeds.stream("sampler", {epoch, static_cast<std::uint64_t>(i)});
      batches[static_cast<std::size_t>(i)] = draw_batch(stored, random);
    }
  });
  return batches;
}

torch::Tensor StoredSampler::rows_of(const torch::Tensor& stored, const Batch& positions, Random& random) const {
  const auto index = at::tensor(positions, at::kLong);
  const auto rows = stored.index_select(0, index).to(at::kDouble);
  return lowproj_dim_ < 1 ? rows : random_projection(rows, lowproj_dim_, random);
}

torch::Tensor random_projection(const torch::Tensor& x, std::int64_t dim, Random& random) {
  const double bound = 1.0 / std::sqrt(static_cast<double>(x.size(1)));
  auto weight = at::empty({x.size(1), dim}, at::kDouble);
  double* values = weight.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < weight.numel(); ++i) values[i] = random.uniform(-bound, bound);
  return x.to(at::kDouble).mm(weight);
}

Result<std::int64_t> big_batch_of(const ComponentChoice& choice, const SamplerContext& context, std::int64_t least) {
  const std::int64_t asked = choice.params.integer("bigbs"), big_batch = std::min(asked, context.samples());
  if (big_batch >= least) return big_batch;
  return invalid_argument("sampler " + choice.name + ": bigbs " + std::to_string(asked) + " on a training set of " +
                          std::to_string(context.samples()) + " images gives " + std::to_string(big_batch) +
                          " to choose from, but a batch picks " + std::to_string(least) +
                          " of them; raise bigbs or take a smaller batch_size");
}

}  // namespace oodml::samplers
