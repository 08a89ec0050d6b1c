#include "core/criteria/tuples/contrastive.h"

#include "core/criteria/batch.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {

torch::Tensor Contrastive::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  const miners::Tuples& triplets = check_triplets(batch, given);
  if (triplets.anchor.size(0) == 0) return attached_zero(batch.embeddings);

  const auto [anchor, positive, negative] = rows_of(batch.embeddings, triplets);                        // [T, D]
  const auto pull = (distances::row_shifted_distances(anchor, positive) - options_.pos_margin).relu();  // [T]
  const auto push = (options_.neg_margin - distances::row_shifted_distances(anchor, negative)).relu();  // [T]
  return mean_over(pull + push, triplets);
}

Result<std::shared_ptr<Criterion>> make_contrastive(const Params& params, const CriterionContext&) {
  return std::make_shared<Contrastive>(
      ContrastiveOptions{.pos_margin = params.number("pos_margin"), .neg_margin = params.number("neg_margin")});
}

}  // namespace oodml::criteria
