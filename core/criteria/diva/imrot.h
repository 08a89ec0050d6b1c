#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

struct ImrotOptions {
  double lr = 1e-4;  ///< Of the classifier.
  std::int64_t feature_dim = 0;
};

/// By how many quarter turns was the image rotated: cross-entropy of z W^T against rotation [B] in {0, 1, 2, 3}, with
/// z = avg_features [B, F] and a trained W [4, F] without bias, named classifier.weight.
/// Source: Gidaris et al., ICLR 2018; docs/criteria.md#imrot.
class Imrot final : public Criterion {
 public:
  Imrot(ImrotOptions options, at::Generator generator);
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;
  std::vector<ParameterGroup> parameter_groups() const override;

 private:
  ImrotOptions options_;
  torch::Tensor weight_;  ///< [4, feature_dim]
};

Result<std::shared_ptr<Criterion>> make_imrot(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
