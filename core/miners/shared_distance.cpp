#include "core/miners/shared_distance.h"

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"
#include "core/miners/distance_weighting.h"

namespace oodml::miners {
namespace {

torch::Tensor weights_of_third(const torch::Tensor& distances, const torch::Tensor& other,
                               const torch::Tensor& negative, SharedPositives positives, std::int64_t dimension,
                               double lower_cutoff) {
  const auto third = other.logical_and(other.index_select(0, negative));  // [B, B]
  if (positives == SharedPositives::kUniform) return third;
  return distance_weights(distances, third, dimension, lower_cutoff);
}

}  // namespace

torch::Tensor shared_positive_weights(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                      const torch::Tensor& negative, SharedPositives positives, double lower_cutoff) {
  return weights_of_third(distances::pairwise_distances(embeddings, /*squared_floor=*/0.0), other_class(labels),
                          negative, positives, embeddings.size(1), lower_cutoff);
}

Tuples SharedDistance::mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) {
  const at::NoGradGuard no_grad;
  if (labels.size(0) == 0) return {labels, labels, labels, {}};
  const auto distances = distances::pairwise_distances(embeddings, /*squared_floor=*/0.0);
  const auto other = other_class(labels);
  const auto dimension = embeddings.size(1);
  const Draw negative = draw_per_row(distance_weights(distances, other, dimension, lower_cutoff_), generator);
  const Draw positive = draw_per_row(
      weights_of_third(distances, other, negative.column, positives_, dimension, lower_cutoff_), generator);
  return {at::arange(labels.size(0), labels.options()), positive.column, negative.column,
          negative.found.logical_and(positive.found)};
}

}  // namespace oodml::miners
