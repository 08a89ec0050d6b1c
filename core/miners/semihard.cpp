#include "core/miners/semihard.h"

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"

namespace oodml::miners {

NegativeCandidates semihard_negatives(const torch::Tensor& distances, const torch::Tensor& other,
                                      const torch::Tensor& anchor, const torch::Tensor& positive, double margin) {
  const auto d_an = distances.index_select(0, anchor);      // [T, B]
  const auto d_ap = d_an.gather(1, positive.unsqueeze(1));  // [T, 1]
  const auto negatives = other.index_select(0, anchor);     // [T, B]
  const auto window = negatives.logical_and(d_an.gt(d_ap)).logical_and(d_an.lt(d_ap + margin));
  const auto fallback = window.any(1).logical_not();
  return {window.logical_or(negatives.logical_and(fallback.unsqueeze(1))), fallback};
}

Tuples Semihard::mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) {
  const at::NoGradGuard no_grad;
  if (labels.size(0) == 0) return {labels, labels, labels, {}};
  const auto distances = distances::pairwise_distances(embeddings, /*squared_floor=*/0.0);
  const auto anchor = at::arange(labels.size(0), labels.options());
  const Draw positive = draw_per_row(same_class(labels), generator);
  const auto candidates = semihard_negatives(distances, other_class(labels), anchor, positive.column, margin_);
  const Draw negative = draw_per_row(candidates.mask, generator);
  return {anchor, positive.column, negative.column, positive.found.logical_and(negative.found)};
}

}  // namespace oodml::miners
