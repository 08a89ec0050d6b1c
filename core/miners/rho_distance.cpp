#include "core/miners/rho_distance.h"

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"
#include "core/miners/distance_weighting.h"

namespace oodml::miners {
namespace {

constexpr double kRhoFloor = 1e-4;

}  // namespace

torch::Tensor rho_distance_negative_weights(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                            double lower_cutoff) {
  return distance_weights(distances::pairwise_distances(embeddings, kRhoFloor), other_class(labels), embeddings.size(1),
                          lower_cutoff);
}

Tuples RhoDistance::mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) {
  const at::NoGradGuard no_grad;
  push_triplets_ = at::zeros({}, embeddings.options().dtype(at::kDouble));
  if (labels.size(0) == 0) return {labels, labels, labels, {}};
  const auto same = same_class(labels);
  const auto anchor = at::arange(labels.size(0), labels.options());
  // All draws happen for every anchor, so that a row's fate does not shift the stream of the others.
  const auto push = at::rand(labels.sizes(), generator, labels.options().dtype(at::kDouble)).lt(options_.cp);
  const Draw partner = draw_per_row(same, generator);
  const Draw pushed = draw_per_row(same, generator);
  const Draw other = draw_per_row(rho_distance_negative_weights(embeddings, labels, options_.lower_cutoff), generator);
  push_triplets_ = push.logical_and(partner.found).sum(at::kDouble);
  return {anchor, at::where(push, anchor, partner.column), at::where(push, pushed.column, other.column),
          partner.found.logical_and(push.logical_or(other.found))};
}

}  // namespace oodml::miners
