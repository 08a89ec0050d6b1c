#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

struct TripletOptions {
  double margin = 0.2;  ///< Between squared Euclidean distances.
  bool sum = false;     ///< Sum over the triplets (PADS) instead of their mean.
};

/// l = [||x_a - x_p||^2 - ||x_a - x_n||^2 + margin]_+ , averaged over all triplets: those that cost nothing count.
/// Source: Schroff et al., CVPR 2015; docs/criteria.md#triplet.
class Triplet final : public Criterion {
 public:
  explicit Triplet(TripletOptions options) : options_(options) {}
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& triplets) override;

 private:
  TripletOptions options_;
};

Result<std::shared_ptr<Criterion>> make_triplet(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
