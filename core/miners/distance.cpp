#include "core/miners/distance.h"

#include <stdexcept>
#include <string>

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"
#include "core/miners/distance_weighting.h"

namespace oodml::miners {
namespace {

/// Of distances that are taken as they are given: below it the weight has no finite logarithm.
constexpr double kSmallestDistance = 1e-6;

void check_targets(const torch::Tensor& labels, const torch::Tensor& target_labels, const torch::Tensor& distances) {
  const auto rows = labels.size(0), targets = target_labels.size(0);
  if (distances.dim() == 2 && distances.size(0) == rows && distances.size(1) == targets) return;
  throw std::invalid_argument("distance: " + std::to_string(rows) + " anchors and " + std::to_string(targets) +
                              " target labels need distances [" + std::to_string(rows) + ", " +
                              std::to_string(targets) + "], which are not those given or those of the batch");
}

/// Pairs of one class, a row with itself left out where it has another one or may not stand alone: [B, B] bool.
torch::Tensor without_self(const torch::Tensor& same, bool lone_anchors) {
  const auto self = at::eye(same.size(0), same.options());
  const auto others = same.logical_and(self.logical_not());
  if (!lone_anchors) return others;
  return others.logical_or(same.logical_and(self).logical_and(others.any(1, /*keepdim=*/true).logical_not()));
}

}  // namespace

torch::Tensor distance_positives(const torch::Tensor& labels, bool lone_anchors) {
  return without_self(class_equality(labels), lone_anchors);
}

torch::Tensor distance_negative_weights(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                        double lower_cutoff) {
  return distance_weights(distances::pairwise_distances(embeddings, /*squared_floor=*/0.0), other_class(labels),
                          embeddings.size(1), lower_cutoff);
}

Tuples Distance::mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) {
  return mine_targets(embeddings, labels, {}, generator).tuples;
}

DistanceMined Distance::mine_targets(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                     const DistanceTargets& targets, const at::Generator& generator) const {
  const at::NoGradGuard no_grad;
  const bool are_given = targets.distances.defined();
  auto distances = are_given ? targets.distances : distances::pairwise_distances(embeddings, /*squared_floor=*/0.0);
  const auto target_labels = targets.labels.defined() ? targets.labels : labels;
  check_targets(labels, target_labels, distances);
  if (!are_given || targets.clip_distances) distances = distances.clamp_min(options_.lower_cutoff);
  if (labels.size(0) == 0 || target_labels.size(0) == 0) {
    const auto none = at::empty({0}, labels.options());
    return {{none, none, none, {}}, distances};
  }
  const auto same = labels.unsqueeze(1).eq(target_labels.unsqueeze(0));  // [B, M]
  const bool are_the_batch = targets.are_the_batch || !targets.labels.defined();
  const Draw positive = draw_per_row(are_the_batch ? without_self(same, options_.lone_anchors) : same, generator);
  const Draw negative =
      draw_per_row(distance_weights(distances, same.logical_not(), embeddings.size(1), kSmallestDistance), generator);
  return {{at::arange(labels.size(0), labels.options()), positive.column, negative.column,
           positive.found.logical_and(negative.found)},
          distances};
}

}  // namespace oodml::miners
