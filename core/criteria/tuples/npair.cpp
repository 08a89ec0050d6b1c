#include "core/criteria/tuples/npair.h"

#include <utility>
#include <vector>

#include "core/criteria/batch.h"
#include "core/criteria/log_sum_exp.h"
#include "core/criteria/single_pass/pair_pass.h"
#include "core/criteria/single_pass/row_kernels.h"
#include "core/criteria/single_pass/tuple_view.h"

namespace oodml::criteria {
namespace {

constexpr double kBninceptionDivisor = 4.0;

/// The same with its gradient (single_pass/pair_pass.h).
std::optional<torch::Tensor> in_one_pass(const torch::Tensor& x, const miners::Tuples& given,
                                         const NpairOptions& options) {
  const auto tuples = view_of(given, x.size(0));
  auto pass = tuples ? PairPass::of(x) : std::nullopt;
  if (!pass) return std::nullopt;
  const std::int64_t counting = tuples->counting(), b = pass->rows();
  if (counting == 0) return std::move(*pass).loss(0.0);
  const RowKernels& kernels = row_kernels();
  const auto scale = static_cast<float>(1.0 / (options.divisor * options.divisor));
  std::vector<float> terms(b);
  double sum = 0.0;
  for (std::int64_t t = 0; t < tuples->size; ++t) {
    if (!tuples->counts(t)) continue;
    const std::int64_t a = tuples->anchor[t], p = tuples->positive[t];
    const float* const s = pass->products(a);
    kernels.line(s, nullptr, scale, -scale * s[p], b, terms.data());
    const auto found = kernels.exponentials(terms.data(), tuples->negative_set + t * b, b, true, terms.data());
    sum += found.log;
    const float share = scale * found.share / static_cast<float>(counting);
    pass->derivatives(a)[p] -= share * kernels.add_scaled(pass->derivatives(a), terms.data(), share, b);
  }
  sum /= static_cast<double>(counting);
  return std::move(*pass).loss(sum + pass->add_mean_length(options.l2 / options.divisor));
}

}  // namespace

torch::Tensor Npair::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  const miners::Tuples& tuples = check_negative_sets(batch, given);
  if (tuples.anchor.size(0) == 0) return attached_zero(batch.embeddings);
  if (const auto loss = in_one_pass(batch.embeddings, tuples, options_)) return *loss;

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
