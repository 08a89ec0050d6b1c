#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

/// Whose reduction over the anchors (docs/criteria.md#multisimilarity).
enum class MultisimilarityVariant { kOodml, kRevisiting, kNir };

struct MultisimilarityOptions {
  double pos_weight = 2.0;   ///< alpha
  double neg_weight = 40.0;  ///< beta
  double margin = 0.1;       ///< epsilon of the pair selection
  double pos_thresh = 0.5;
  double neg_thresh = 0.5;
  bool euclidean = false;  ///< Distances instead of dot products; thresholds are distances then.
  MultisimilarityVariant variant = MultisimilarityVariant::kOodml;
  /// The form of the ooDML code: an anchor may be its own positive (Q8), and a term for which no anchor has a pair is
  /// the constant ln 2 / weight (Q9). No effect on the other variants.
  bool reference_form = false;
};

/// Per anchor, log(1 + sum exp) over the positives that are less similar than some negative (plus a margin), and over
/// the negatives that are more similar than some positive. Anchors without such pairs are skipped; zero if all are.
/// Which pairs are chosen is constant in the backward pass. Assumes rows of unit length.
/// Source: Wang et al., CVPR 2019; docs/criteria.md#multisimilarity.
class Multisimilarity final : public Criterion {
 public:
  explicit Multisimilarity(MultisimilarityOptions options) : options_(options) {}
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& triplets) override;

 private:
  MultisimilarityOptions options_;
};

Result<std::shared_ptr<Criterion>> make_multisimilarity(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
