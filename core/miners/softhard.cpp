#include "core/miners/softhard.h"

#include <limits>

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"

namespace oodml::miners {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The hard ones of a row, or all where none is hard.
torch::Tensor or_all(const torch::Tensor& hard, const torch::Tensor& all) {
  return hard.logical_or(all.logical_and(hard.any(1, /*keepdim=*/true).logical_not()));
}

}  // namespace

SofthardCandidates softhard_candidates(const torch::Tensor& distances, const torch::Tensor& labels) {
  const auto same = same_class(labels), other = other_class(labels);
  const auto nearest_other = distances.masked_fill(other.logical_not(), kInfinity).amin(1, /*keepdim=*/true);
  const auto farthest_same = distances.masked_fill(same.logical_not(), -kInfinity).amax(1, /*keepdim=*/true);
  const auto usable = same.any(1, /*keepdim=*/true).logical_and(other.any(1, /*keepdim=*/true));
  return {or_all(same.logical_and(distances.gt(nearest_other)), same).logical_and(usable),
          or_all(other.logical_and(distances.lt(farthest_same)), other).logical_and(usable)};
}

Tuples Softhard::mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) {
  const at::NoGradGuard no_grad;
  if (labels.size(0) == 0) return {labels, labels, labels, {}};
  const auto candidates = softhard_candidates(distances::pairwise_distances(embeddings, /*squared_floor=*/0.0), labels);
  const Draw positive = draw_per_row(candidates.positives, generator);
  const Draw negative = draw_per_row(candidates.negatives, generator);
  return {at::arange(labels.size(0), labels.options()), positive.column, negative.column, positive.found};
}

}  // namespace oodml::miners
