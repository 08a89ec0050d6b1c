#include "core/criteria/tuples/triplet.h"

#include "core/criteria/batch.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {

torch::Tensor Triplet::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  const miners::Tuples& triplets = check_triplets(batch, given);
  if (triplets.anchor.size(0) == 0) return attached_zero(batch.embeddings);

  const auto [anchor, positive, negative] = rows_of(batch.embeddings, triplets);  // [T, D]
  const auto d_ap = distances::row_squared_distances(anchor, positive);           // [T]
  const auto d_an = distances::row_squared_distances(anchor, negative);           // [T]
  const auto loss = (d_ap - d_an + options_.margin).relu();
  return options_.sum ? counted(loss, triplets).sum() : mean_over(loss, triplets);
}

Result<std::shared_ptr<Criterion>> make_triplet(const Params& params, const CriterionContext&) {
  return std::make_shared<Triplet>(
      TripletOptions{.margin = params.number("margin"), .sum = params.text("reduction") == "sum"});
}

}  // namespace oodml::criteria
