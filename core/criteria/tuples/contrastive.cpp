#include "core/criteria/tuples/contrastive.h"

#include <cmath>
#include <optional>
#include <utility>

#include "core/criteria/batch.h"
#include "core/criteria/single_pass/triplet_pass.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

/// The same with its gradient (single_pass/triplet_pass.h).
std::optional<torch::Tensor> in_one_pass(const torch::Tensor& x, const miners::Tuples& triplets,
                                         const ContrastiveOptions& options) {
  auto pass = TripletPass::of(x, triplets, distances::kCoordinateShift);
  if (!pass) return std::nullopt;
  const double weight = 1.0 / pass->divisor();
  // Of a distance in its square; the gradient at distance zero is zero.
  const auto slope = [&](double distance) { return distance > 0.0 ? weight / (2.0 * distance) : 0.0; };
  double sum = 0.0;
  for (std::int64_t t = 0; t < pass->size(); ++t) {
    if (!pass->counts(t)) continue;
    const double d_ap = std::sqrt(static_cast<double>(pass->positive_square(t)));
    const double d_an = std::sqrt(static_cast<double>(pass->negative_square(t)));
    const double pull = d_ap - options.pos_margin, push = options.neg_margin - d_an;
    if (!(pull <= 0.0)) sum += pull;  // what is not a number is added
    if (!(push <= 0.0)) sum += push;
    pass->set_slopes(t, pull > 0.0 ? slope(d_ap) : 0.0, push > 0.0 ? -slope(d_an) : 0.0);
  }
  return std::move(*pass).loss(weight * sum);
}

}  // namespace

torch::Tensor Contrastive::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  const miners::Tuples& triplets = check_triplets(batch, given);
  if (triplets.anchor.size(0) == 0) return attached_zero(batch.embeddings);

  if (const auto loss = in_one_pass(batch.embeddings, triplets, options_)) return *loss;
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
