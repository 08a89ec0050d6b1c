#include "core/miners/distance.h"

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"
#include "core/miners/distance_weighting.h"

namespace oodml::miners {

torch::Tensor distance_positives(const torch::Tensor& labels, bool lone_anchors) {
  auto positives = same_class(labels);
  if (!lone_anchors) return positives;
  const auto alone = positives.any(1).logical_not();
  return positives.logical_or(alone.diag());
}

torch::Tensor distance_negative_weights(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                        double lower_cutoff) {
  return distance_weights(distances::pairwise_distances(embeddings, /*squared_floor=*/0.0), other_class(labels),
                          embeddings.size(1), lower_cutoff);
}

Tuples Distance::mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) {
  const at::NoGradGuard no_grad;
  if (labels.size(0) == 0) return {labels, labels, labels, {}};
  const Draw positive = draw_per_row(distance_positives(labels, options_.lone_anchors), generator);
  const Draw negative = draw_per_row(distance_negative_weights(embeddings, labels, options_.lower_cutoff), generator);
  return {at::arange(labels.size(0), labels.options()), positive.column, negative.column,
          positive.found.logical_and(negative.found)};
}

}  // namespace oodml::miners
