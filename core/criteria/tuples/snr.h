#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

struct SnrOptions {
  double margin = 0.2;        ///< Between the two ratios.
  double reg_lambda = 0.005;  ///< Weight of the anchors' coordinate sums, which should be zero.
};

/// With V the unbiased variance over the D coordinates, h = [V(a - p) / V(a) - V(a - n) / V(a) + margin]_+ :
/// the sum of h over the triplets divided by the number of those with h > 0, a constant in the backward pass, plus
/// reg_lambda * mean |sum_d x_ad|. Without an active triplet only the regulariser is left. An anchor whose coordinates
/// are equal up to rounding (always when D = 1) carries no signal to compare with; its triplets have h = 0. Assumes
/// unit rows. Source: Yuan et al., CVPR 2019; docs/criteria.md#snr.
class Snr final : public Criterion {
 public:
  explicit Snr(SnrOptions options) : options_(options) {}
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& triplets) override;

 private:
  SnrOptions options_;
};

/// As in the references, reg_lambda is zero with a miner that they call `distance`: distance, random_distance,
/// shared_neg_distance, shared_full_distance, easypositive.
Result<std::shared_ptr<Criterion>> make_snr(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
