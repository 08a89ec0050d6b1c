#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

struct ContrastiveOptions {
  double pos_margin = 0.0;  ///< Positives closer than this cost nothing, Euclidean distance.
  double neg_margin = 1.0;  ///< Negatives farther than this cost nothing, Euclidean distance.
};

/// mean [delta(a, p) - pos_margin]_+ + mean [neg_margin - delta(a, n)]_+ over the triplets, delta with 1e-6 added to
/// every coordinate of the difference. Assumes rows of unit length.
/// Source: Hadsell et al., CVPR 2006; docs/criteria.md#contrastive.
class Contrastive final : public Criterion {
 public:
  explicit Contrastive(ContrastiveOptions options) : options_(options) {}
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& triplets) override;

 private:
  ContrastiveOptions options_;
};

Result<std::shared_ptr<Criterion>> make_contrastive(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
