#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

struct QuadrupletOptions {
  double margin_alpha_1 = 0.2;  ///< Between the positive's and the negative's distance, Euclidean.
  double margin_alpha_2 = 0.2;  ///< Between the positive's distance and that of negative and fourth sample, Euclidean.
  /// The form of the references (Q5): fourth samples are drawn by position, and the second mean runs over every pair of
  /// a triplet with a fourth sample.
  bool reference_form = false;
};

/// mean [d(a, p) - d(a, n) + margin_alpha_1]_+ + mean [d(a, p) - d(n, f) + margin_alpha_2]_+ over the triplets, d the
/// Euclidean distance with a zero gradient at zero. The fourth sample f of a triplet is drawn uniformly from the rows
/// whose class is neither y_a nor y_n; triplets without one are left out of the second mean. Assumes unit rows.
/// Source: Chen et al., CVPR 2017; docs/criteria.md#quadruplet.
class Quadruplet final : public Criterion {
 public:
  explicit Quadruplet(QuadrupletOptions options) : options_(options) {}
  /// Draws the fourth samples from batch.generator.
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& triplets) override;

  /// The loss for given fourth samples: [T] int64 positions, -1 where a triplet has none.
  torch::Tensor loss(const torch::Tensor& embeddings, const miners::Tuples& triplets,
                     const torch::Tensor& fourth) const;

 private:
  QuadrupletOptions options_;
};

/// Who may be the fourth sample of each triplet: [T, B] bool, rows of neither the anchor's nor the negative's class.
torch::Tensor fourth_candidates(const torch::Tensor& labels, const miners::Tuples& triplets);

/// The same in the references: [T, min(T, B)] bool, the positions j of triplets whose negative is another row. As
/// there, j is then read as a position in the batch, which is meant for one triplet a row.
torch::Tensor fourth_candidates_by_position(const miners::Tuples& triplets, std::int64_t batch_size);

Result<std::shared_ptr<Criterion>> make_quadruplet(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
