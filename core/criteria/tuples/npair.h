#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

struct NpairOptions {
  double l2 = 0.005;     ///< Weight of the mean norm of all rows.
  double divisor = 1.0;  ///< Of the whole batch, the norm term included.
};

/// mean over the anchors of log(1 + sum_{n in Neg(a)} exp(x_a . x_n - x_a . x_p)) + l2 * mean_i ||x_i||_2; wants rows
/// that are not normalised. An anchor without negatives contributes 0; without anchors the loss is zero, the norm term
/// included. Source: Sohn, NeurIPS 2016; docs/criteria.md#n-pair.
class Npair final : public Criterion {
 public:
  explicit Npair(NpairOptions options) : options_(options) {}
  /// Reads anchors, positives and sets of negatives (miner npair).
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;

 private:
  NpairOptions options_;
};

/// As in the references the batch is divided by 4 when the arch contains bninception.
Result<std::shared_ptr<Criterion>> make_npair(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
