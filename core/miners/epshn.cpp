#include "core/miners/epshn.h"

#include <limits>

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"
#include "core/miners/semihard.h"

namespace oodml::miners {

torch::Tensor easy_positives(const torch::Tensor& distances, const torch::Tensor& same) {
  return distances.masked_fill(same.logical_not(), std::numeric_limits<double>::infinity()).argmin(1);
}

Tuples Epshn::mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) {
  const at::NoGradGuard no_grad;
  if (labels.size(0) == 0) return {labels, labels, labels, {}};
  const auto distances = distances::pairwise_distances(embeddings, /*squared_floor=*/0.0);
  const auto same = same_class(labels);
  const auto anchor = at::arange(labels.size(0), labels.options());
  const auto positive = easy_positives(distances, same);
  const auto candidates = semihard_negatives(distances, other_class(labels), anchor, positive, margin_);
  const Draw negative = draw_per_row(candidates.mask, generator);
  return {anchor, positive, negative.column, same.any(1).logical_and(negative.found)};
}

}  // namespace oodml::miners
