#include "core/criteria/tuples/quadruplet.h"

#include <algorithm>

#include "core/criteria/batch.h"
#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"

namespace oodml::criteria {
namespace {

torch::Tensor row_distances(const torch::Tensor& a, const torch::Tensor& b) {
  return at::linalg_vector_norm(a - b, 2, /*dim=*/{1});
}

}  // namespace

torch::Tensor fourth_candidates(const torch::Tensor& labels, const miners::Tuples& triplets) {
  const auto all = labels.unsqueeze(0);  // [1, B]
  return all.ne(labels.index_select(0, triplets.anchor).unsqueeze(1))
      .logical_and(all.ne(labels.index_select(0, triplets.negative).unsqueeze(1)));
}

torch::Tensor fourth_candidates_by_position(const miners::Tuples& triplets, std::int64_t batch_size) {
  const auto positions = std::min(triplets.negative.size(0), batch_size);
  const auto other = triplets.negative.unsqueeze(1).ne(triplets.negative.slice(0, 0, positions).unsqueeze(0));
  return triplets.valid.defined() ? other.logical_and(triplets.valid.slice(0, 0, positions).unsqueeze(0)) : other;
}

torch::Tensor Quadruplet::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  const miners::Tuples& triplets = check_triplets(batch, given);
  if (triplets.anchor.size(0) == 0) return attached_zero(batch.embeddings);
  const auto candidates = options_.reference_form ? fourth_candidates_by_position(triplets, batch.labels.size(0))
                                                  : fourth_candidates(batch.labels, triplets);
  const auto draw = miners::draw_per_row(candidates, batch.generator);
  return loss(batch.embeddings, triplets, draw.column.masked_fill(draw.found.logical_not(), -1));
}

torch::Tensor Quadruplet::loss(const torch::Tensor& embeddings, const miners::Tuples& triplets,
                               const torch::Tensor& fourth) const {
  if (triplets.anchor.size(0) == 0) return attached_zero(embeddings);
  const auto [anchor, positive, negative] = rows_of(embeddings, triplets);  // [T, D]
  const auto d_ap = row_distances(anchor, positive);                        // [T]
  const auto first = (d_ap - row_distances(anchor, negative) + options_.margin_alpha_1).relu();

  const auto found = triplets.valid.defined() ? fourth.ge(0).logical_and(triplets.valid) : fourth.ge(0);  // [T]
  const auto row = fourth.clamp_min(0);
  if (!options_.reference_form) {
    const auto d_nf = row_distances(negative, embeddings.index_select(0, row));
    const auto second = (d_ap - d_nf + options_.margin_alpha_2).relu().masked_fill(found.logical_not(), 0);
    return mean_over(first, triplets) + second.sum() / found.sum().clamp_min(1);
  }
  const auto d_nf =
      distances::precise_distances(embeddings).index_select(0, triplets.negative).index_select(1, row);  // [T, T]
  const auto second = (d_ap.unsqueeze(1) - d_nf + options_.margin_alpha_2).relu();
  const auto per_triplet = second.masked_fill(found.logical_not().unsqueeze(0), 0).sum(1) / found.sum().clamp_min(1);
  return mean_over(first, triplets) + mean_over(per_triplet, triplets);
}

Result<std::shared_ptr<Criterion>> make_quadruplet(const Params& params, const CriterionContext& context) {
  return std::make_shared<Quadruplet>(QuadrupletOptions{.margin_alpha_1 = params.number("margin_alpha_1"),
                                                        .margin_alpha_2 = params.number("margin_alpha_2"),
                                                        .reference_form = context.compat_paper});
}

}  // namespace oodml::criteria
