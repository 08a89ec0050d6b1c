#pragma once

#include <string>

#include "core/criteria/criterion.h"
#include "core/criteria/perceptron.h"

namespace oodml::criteria {

struct AdversarialSeparationOptions {
  std::vector<std::string> decorrelations;  ///< "source-target", each two heads: which embeddings are separated.
  std::vector<double> rho_decorrelation;    ///< Weight of each direction; the shorter of the two lists ends both.
  std::int64_t decorrnet_dim = 512;         ///< Width of the regressors' hidden layer.
  double decorrnet_lr = 1e-5;               ///< Learning rate of the regressors.
  std::int64_t embed_dim = 128;             ///< Of each head.
};

/// Makes heads carry different information. Per direction a regressor R (Linear - ReLU - Linear) predicts the target
/// head from the source head, with e_k = N(reversed(z_k)):
///   L = - sum over directions of weight * mean_{i,d} (e_target[i,d] * N(R(e_source))[i,d])^2.
/// The regressors raise the agreement; the gradient that reaches both heads is reversed, so they lower it.
/// Reads heads [B, D]; parameters regressor.<direction>.<k>.weight and .bias.
/// Source: Milbich et al., ECCV 2020, Sec. 3.4; docs/criteria.md#adversarial-separation (the ooDML form, quirk Q15).
class AdversarialSeparation final : public Criterion {
 public:
  AdversarialSeparation(AdversarialSeparationOptions options, at::Generator generator);
  /// Throws std::invalid_argument when the batch lacks a head that a direction names.
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;
  std::vector<ParameterGroup> parameter_groups() const override;

 private:
  struct Direction {
    std::string source, target;
    double weight = 0.0;
    std::shared_ptr<Perceptron> regressor;
  };
  AdversarialSeparationOptions options_;
  std::vector<Direction> directions_;  ///< Those with a weight.
};

/// kInvalidArgument unless every direction is "source-target", two different heads, and none is there twice.
Status check_decorrelations(const std::vector<std::string>& decorrelations);

Result<std::shared_ptr<Criterion>> make_adversarial_separation(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
