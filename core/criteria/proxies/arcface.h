#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

struct ArcfaceOptions {
  double angular_margin = 0.5;  ///< Added to the angle to the own class, radians.
  double feature_scale = 16.0;  ///< Of the logits.
  double lr = 5e-4;
  std::int64_t n_classes = 1;
  std::int64_t embed_dim = 128;
};

/// Softmax cross-entropy over the cosines to one trained vector a class, the own angle widened by a margin. Cosines are
/// clamped to [1e-10, 1): as in the references a negative cosine counts as zero and gets no gradient (quirk Q14); the
/// upper bound is the largest number below 1, so an aligned row keeps a finite gradient. Assumes rows of unit length.
/// Source: Deng et al., CVPR 2019; docs/criteria.md#arcface.
class Arcface final : public Criterion {
 public:
  Arcface(ArcfaceOptions options, at::Generator generator);
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& triplets) override;
  std::vector<ParameterGroup> parameter_groups() const override;

 private:
  ArcfaceOptions options_;
  torch::Tensor class_map_;  ///< [n_classes, embed_dim]
};

Result<std::shared_ptr<Criterion>> make_arcface(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
