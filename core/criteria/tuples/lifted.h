#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

struct LiftedOptions {
  double neg_margin = 1.0;  ///< Distance that negatives are pushed to, Euclidean.
  double l2 = 0.005;        ///< Weight of the mean norm of all rows.
};

/// Generalised lifted structure: mean over the anchors of
/// [log sum_{p in Pos(a)} exp delta(a, p) + log sum_{n in Neg(a)} exp(neg_margin - delta(a, n))]_+ plus
/// l2 * mean_i ||x_i||_2, delta the Euclidean distance over the D coordinates (Q3) with 1e-6 added to each of the
/// difference. Wants rows that are not normalised. An anchor for which one of the sets is empty contributes 0; without
/// anchors the norm term is left.
/// Source: Hermans et al., arXiv 2017, and Song et al., CVPR 2016; docs/criteria.md#lifted.
class Lifted final : public Criterion {
 public:
  explicit Lifted(LiftedOptions options) : options_(options) {}
  /// Reads anchors, sets of positives and sets of negatives (miner lifted).
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;

 private:
  LiftedOptions options_;
};

Result<std::shared_ptr<Criterion>> make_lifted(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
