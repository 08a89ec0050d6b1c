#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

struct SoftmaxOptions {
  double temperature = 0.05;  ///< Divides the logits.
  double lr = 1e-5;           ///< Of the class map.
  std::int64_t n_classes = 1;
  std::int64_t embed_dim = 128;
};

/// Softmax cross-entropy of x . N(W_c) / temperature with one trained vector W_c a class. Assumes rows of unit length.
/// Source: Zhai and Wu, BMVC 2019; docs/criteria.md#softmax.
class Softmax final : public Criterion {
 public:
  Softmax(SoftmaxOptions options, const at::Generator& generator);
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;
  std::vector<ParameterGroup> parameter_groups() const override;

 private:
  SoftmaxOptions options_;
  torch::Tensor class_map_;  ///< [n_classes, embed_dim]
};

Result<std::shared_ptr<Criterion>> make_softmax(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
