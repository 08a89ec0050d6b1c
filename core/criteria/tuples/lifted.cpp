#include "core/criteria/tuples/lifted.h"

#include <utility>
#include <vector>

#include "core/criteria/batch.h"
#include "core/criteria/log_sum_exp.h"
#include "core/criteria/single_pass/near_distances.h"
#include "core/criteria/single_pass/row_kernels.h"
#include "core/criteria/single_pass/tuple_view.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

/// The same with its gradient (single_pass/pair_pass.h).
class LiftedPass {
 public:
  LiftedPass(PairPass pass, const TupleView& tuples, const LiftedOptions& options)
      : distances_(std::move(pass), distances::kCoordinateShift), tuples_(tuples), options_(options) {}

  /// nullopt where too many rows lie near to each other for single precision.
  std::optional<torch::Tensor> loss() && {
    const std::int64_t counting = tuples_.counting(), b = tuples_.rows;
    std::vector<float> distance(b), pull(b), push(b);
    double sum = 0.0;
    for (std::int64_t t = 0; t < tuples_.size; ++t) {
      if (!tuples_.counts(t)) continue;
      const std::int64_t a = tuples_.anchor[t];
      const bool *const near = tuples_.positive_set + t * b, *const far = tuples_.negative_set + t * b;
      if (!distances_.of_row(a, distance.data())) return std::nullopt;
      const auto pulled = kernels_.exponentials(distance.data(), near, b, /*plus_one=*/false, pull.data());
      kernels_.line(distance.data(), nullptr, -1.0f, static_cast<float>(options_.neg_margin), b, push.data());
      const auto pushed = kernels_.exponentials(push.data(), far, b, /*plus_one=*/false, push.data());
      const float cost = pulled.log + pushed.log;
      if (pulled.share == 0.0f || pushed.share == 0.0f || !(cost > 0.0f)) continue;  // an empty set, or no cost
      sum += cost;
      kernels_.line(pull.data(), nullptr, pulled.share / static_cast<float>(counting), 0.0f, b, pull.data());
      kernels_.add_scaled(pull.data(), push.data(), -pushed.share / static_cast<float>(counting), b);
      distances_.add_derivatives(a, distance.data(), pull.data());
    }
    return std::move(distances_).loss(counting > 0 ? sum / static_cast<double>(counting) : 0.0, options_.l2);
  }

 private:
  NearDistances distances_;
  TupleView tuples_;
  LiftedOptions options_;
  const RowKernels& kernels_ = row_kernels();
};

std::optional<torch::Tensor> in_one_pass(const torch::Tensor& x, const miners::Tuples& given,
                                         const LiftedOptions& options) {
  const auto tuples = view_of(given, x.size(0));
  auto pass = tuples ? PairPass::of(x) : std::nullopt;
  return pass ? LiftedPass(std::move(*pass), *tuples, options).loss() : std::nullopt;
}

}  // namespace

torch::Tensor Lifted::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  const miners::Tuples& tuples = check_sets(batch, given);
  if (batch.labels.size(0) == 0) return attached_zero(batch.embeddings);
  if (const auto loss = in_one_pass(batch.embeddings, tuples, options_)) return *loss;
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
