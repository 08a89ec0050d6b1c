#include "core/criteria/tuples/snr.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "core/criteria/batch.h"

namespace oodml::criteria {
namespace {

/// The keys of the miners whose name inside the references is `distance` (docs/miners.md#overview).
constexpr std::array<std::string_view, 5> kNamedDistance = {"distance", "random_distance", "shared_neg_distance",
                                                            "shared_full_distance", "easypositive"};

/// Unbiased variance of each row: [T, D] -> [T]; zero, not NaN, for one coordinate.
torch::Tensor row_variances(const torch::Tensor& x) {
  const auto divisor = static_cast<double>(std::max<std::int64_t>(x.size(1) - 1, 1));
  return (x - x.mean(1, /*keepdim=*/true)).square().sum(1) / divisor;
}

/// [T] bool: the variance is more than the rounding of equal coordinates leaves.
torch::Tensor has_signal(const torch::Tensor& x, const torch::Tensor& variances) {
  const double epsilon =
      x.scalar_type() == at::kDouble ? std::numeric_limits<double>::epsilon() : std::numeric_limits<float>::epsilon();
  return variances.gt(64 * epsilon * epsilon * x.square().mean(1));
}

}  // namespace

torch::Tensor Snr::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  const miners::Tuples& triplets = check_triplets(batch, given);
  if (triplets.anchor.size(0) == 0) return attached_zero(batch.embeddings);

  const auto [anchor, positive, negative] = rows_of(batch.embeddings, triplets);  // [T, D]
  const auto signal = row_variances(anchor);                                      // [T]
  const auto silent = has_signal(anchor.detach(), signal.detach()).logical_not();
  const auto ratio =
      (row_variances(anchor - positive) - row_variances(anchor - negative)) / signal.masked_fill(silent, 1);
  const auto terms = counted((ratio + options_.margin).relu().masked_fill(silent, 0), triplets);
  const auto loss = terms.sum() / terms.detach().gt(0).sum().clamp_min(1);
  return loss + options_.reg_lambda * mean_over(anchor.sum(1).abs(), triplets);
}

Result<std::shared_ptr<Criterion>> make_snr(const Params& params, const CriterionContext& context) {
  const bool by_distance = std::count(kNamedDistance.begin(), kNamedDistance.end(), context.miner.name) > 0;
  return std::make_shared<Snr>(
      SnrOptions{.margin = params.number("margin"), .reg_lambda = by_distance ? 0.0 : params.number("reg_lambda")});
}

}  // namespace oodml::criteria
