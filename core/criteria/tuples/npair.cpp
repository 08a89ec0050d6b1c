#include "core/criteria/tuples/npair.h"

#include "core/criteria/batch.h"
#include "core/criteria/log_sum_exp.h"

namespace oodml::criteria {
namespace {

constexpr double kBninceptionDivisor = 4.0;

}  // namespace

torch::Tensor Npair::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  const miners::Tuples& tuples = check_negative_sets(batch, given);
  if (tuples.anchor.size(0) == 0) return attached_zero(batch.embeddings);

  const auto x = batch.embeddings / options_.divisor;
  const auto anchor = x.index_select(0, tuples.anchor);                                      // [T, D]
  const auto s_ap = (anchor * x.index_select(0, tuples.positive)).sum(1, /*keepdim=*/true);  // [T, 1]
  const auto terms = log1p_sum_exp(anchor.mm(x.t()) - s_ap, tuples.negative_set, /*dim=*/1);
  return mean_over(terms, tuples) + if_any(options_.l2 * mean_row_norm(x), tuples);
}

Result<std::shared_ptr<Criterion>> make_npair(const Params& params, const CriterionContext& context) {
  const bool bninception = context.arch.find("bninception") != std::string::npos;
  return std::make_shared<Npair>(
      NpairOptions{.l2 = params.number("l2"), .divisor = bninception ? kBninceptionDivisor : 1.0});
}

}  // namespace oodml::criteria
