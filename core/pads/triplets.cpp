#include "core/pads/triplets.h"

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"
#include "core/pads/histogram.h"

namespace oodml::pads {
namespace {

constexpr double kSquaredFloor = 1e-4;

}  // namespace

DrawOptions draw_options(bool no_self_reg, bool merge_oobs, bool compat_paper) {
  return {.anchor_as_positive = !no_self_reg,
          .same_class_negatives = !no_self_reg,
          .outer_bins_collect = compat_paper || merge_oobs || !no_self_reg};
}

torch::Tensor positive_candidates(const torch::Tensor& labels, const DrawOptions& options) {
  return options.anchor_as_positive ? miners::class_equality(labels) : miners::same_class(labels);
}

torch::Tensor negative_weights(const torch::Tensor& embeddings, const torch::Tensor& labels,
                               const torch::Tensor& probabilities, const torch::Tensor& edges,
                               const DrawOptions& options) {
  const auto distances = distances::pairwise_distances(embeddings.to(at::kDouble), kSquaredFloor);  // [B, B]
  const auto candidates =
      options.same_class_negatives ? at::ones_like(distances) : miners::other_class(labels).to(at::kDouble);
  auto weights = probabilities.take(bins_of(distances, edges)) * candidates;
  if (!options.outer_bins_collect) {
    const auto lower = edges.select(0, 0), upper = edges.select(0, -1);
    weights = weights * distances.ge(lower).logical_and(distances.le(upper));
  }
  const auto none = weights.sum(1, /*keepdim=*/true).eq(0);
  return at::where(none, candidates, weights);
}

miners::Tuples HistogramMiner::mine(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                    at::Generator generator) {
  const at::NoGradGuard no_grad;
  if (labels.size(0) == 0) return {labels, labels, labels, {}};
  edges_ = edges_.to(embeddings.device());
  const auto probabilities = probabilities_->to(embeddings.device());
  const auto positive = miners::draw_per_row(positive_candidates(labels, options_), generator);
  const auto negative =
      miners::draw_per_row(negative_weights(embeddings, labels, probabilities, edges_, options_), generator);
  return {at::arange(labels.size(0), labels.options()), positive.column, negative.column,
          positive.found.logical_and(negative.found)};
}

}  // namespace oodml::pads
