#include "core/criteria/tuples/lifted.h"

#include "core/criteria/batch.h"
#include "core/criteria/log_sum_exp.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {

torch::Tensor Lifted::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  const miners::Tuples& tuples = check_sets(batch, given);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  const auto norms = options_.l2 * mean_row_norm(batch.embeddings);
  if (tuples.anchor.size(0) == 0) return norms;

  const auto delta = distances::precise_distances(batch.embeddings, distances::kCoordinateShift)
                         .index_select(0, tuples.anchor);                                      // [T, B]
  const auto pull = log_sum_exp(delta, tuples.positive_set, /*dim=*/1);                        // [T]
  const auto push = log_sum_exp(options_.neg_margin - delta, tuples.negative_set, /*dim=*/1);  // [T]
  const auto usable = tuples.positive_set.any(1).logical_and(tuples.negative_set.any(1));
  return mean_over((pull + push).relu().masked_fill(usable.logical_not(), 0), tuples) + norms;
}

Result<std::shared_ptr<Criterion>> make_lifted(const Params& params, const CriterionContext&) {
  return std::make_shared<Lifted>(LiftedOptions{.neg_margin = params.number("neg_margin"), .l2 = params.number("l2")});
}

}  // namespace oodml::criteria
