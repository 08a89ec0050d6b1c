#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

struct AngularOptions {
  double alpha = 45.0;            ///< Largest angle at the negative, degrees.
  double npair_ang_weight = 2.0;  ///< Weight of the angular term.
  double npair_l2 = 0.005;        ///< Weight of the mean norm of all rows.
};

/// N-pair loss with an angular term. With t = tan(alpha) and unit rows u:
///   f_an = 4 t^2 (u_a + u_p) . u_n - 2 (1 + t^2) u_a . u_p,   g_an = clamp(x_a . x_n - x_a . x_p, -50, 50),
///   L = mean_a log(1 + sum_n exp g_an) + npair_ang_weight * mean_a log(1 + sum_n exp f_an)
///       + npair_l2 * mean_i ||x_i||_2.
/// The sets of negatives may differ in size (Q4). Wants rows that are not normalised. An anchor without negatives
/// contributes 0; without anchors the loss is zero, the norm term included.
/// Source: Wang et al., ICCV 2017; docs/criteria.md#angular.
class Angular final : public Criterion {
 public:
  explicit Angular(AngularOptions options) : options_(options) {}
  /// Reads anchors, positives and sets of negatives (miner npair).
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;

 private:
  torch::Tensor angular_term(const torch::Tensor& unit_rows, const miners::Tuples& tuples) const;

  AngularOptions options_;
};

Result<std::shared_ptr<Criterion>> make_angular(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
