#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

struct MarginOptions {
  double margin = 0.2;  ///< Half-width of the band around beta, Euclidean distance.
  double beta = 1.2;    ///< Initial boundary, Euclidean distance.
  double beta_lr = 5e-4;
  bool beta_constant = false;  ///< One fixed boundary for all classes.
  double nu = 0.0;             ///< Weight of the sum of the betas of the triplets' anchors; not used when constant.
  bool count_pairs = false;    ///< Divide by active pairs instead of active triplets (quirk Q1).
  std::int64_t n_classes = 1;
};

/// Margin loss with a trained boundary beta[c] per class: for a triplet with b = beta[y_a], cost
/// [D_ap - b + margin]_+ + [b - D_an + margin]_+ with D = sqrt(squared distance + 1e-8). The sum is divided by the
/// number of triplets with a cost, which is a constant in the backward pass. Assumes rows of unit length.
/// Source: Wu et al., ICCV 2017, Sec. 4; docs/criteria.md#margin.
class Margin final : public Criterion {
 public:
  explicit Margin(MarginOptions options);
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& triplets) override;
  std::vector<ParameterGroup> parameter_groups() const override;

 private:
  MarginOptions options_;
  torch::Tensor beta_;  ///< [n_classes]; undefined when constant
};

Result<std::shared_ptr<Criterion>> make_margin(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
