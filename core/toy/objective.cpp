#include "core/toy/objective.h"

#include "core/criteria/batch.h"
#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"

namespace oodml::toy {
namespace {

/// d(a, other) of each triplet: [T]
torch::Tensor distances_to(const torch::Tensor& embeddings, const torch::Tensor& anchor, const torch::Tensor& other) {
  return distances::row_shifted_distances(embeddings.index_select(0, anchor), embeddings.index_select(0, other));
}

torch::Tensor push_apart(const torch::Tensor& distances) { return (kMargin - distances).relu().mean(); }

}  // namespace

miners::Tuples all_triplets(const torch::Tensor& labels) {
  const auto positive = miners::same_class(labels).unsqueeze(2);   // [B, B, 1]
  const auto negative = miners::other_class(labels).unsqueeze(1);  // [B, 1, B]
  const auto triplets = positive.logical_and(negative).nonzero();  // [T, 3]
  return {triplets.select(1, 0), triplets.select(1, 1), triplets.select(1, 2), {}};
}

torch::Tensor base_loss(const torch::Tensor& embeddings, const miners::Tuples& triplets) {
  if (triplets.anchor.size(0) == 0) return criteria::attached_zero(embeddings);
  const auto to_positive = distances_to(embeddings, triplets.anchor, triplets.positive);
  const auto to_negative = distances_to(embeddings, triplets.anchor, triplets.negative);
  return to_positive.mean() + push_apart(to_negative);
}

torch::Tensor regularised_loss(const torch::Tensor& embeddings, const miners::Tuples& triplets,
                               const torch::Tensor& switched) {
  if (triplets.anchor.size(0) == 0) return criteria::attached_zero(embeddings);
  const auto pushed = at::where(switched, triplets.positive, triplets.negative);
  return push_apart(distances_to(embeddings, triplets.anchor, pushed));
}

}  // namespace oodml::toy
