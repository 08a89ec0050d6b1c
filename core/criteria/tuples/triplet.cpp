#include "core/criteria/tuples/triplet.h"

#include <optional>
#include <utility>

#include "core/criteria/batch.h"
#include "core/criteria/single_pass/triplet_pass.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

/// The same with its gradient (single_pass/triplet_pass.h).
std::optional<torch::Tensor> in_one_pass(const torch::Tensor& x, const miners::Tuples& triplets,
                                         const TripletOptions& options) {
  auto pass = TripletPass::of(x, triplets);
  if (!pass) return std::nullopt;
  const double weight = options.sum ? 1.0 : 1.0 / pass->divisor();
  double sum = 0.0;
  for (std::int64_t t = 0; t < pass->size(); ++t) {
    if (!pass->counts(t)) continue;
    const double cost = static_cast<double>(pass->positive_square(t)) - pass->negative_square(t) + options.margin;
    if (cost <= 0.0) continue;  // what is not a number is added
    sum += cost;
    pass->set_slopes(t, weight, -weight);
  }
  return std::move(*pass).loss(weight * sum);
}

}  // namespace

torch::Tensor Triplet::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  const miners::Tuples& triplets = check_triplets(batch, given);
  if (triplets.anchor.size(0) == 0) return attached_zero(batch.embeddings);

  if (const auto loss = in_one_pass(batch.embeddings, triplets, options_)) return *loss;
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
