#pragma once

#include "core/criteria/criterion.h"
#include "core/criteria/inner_criterion.h"
#include "core/criteria/perceptron.h"

namespace oodml::criteria {

struct S2sdOptions {
  double temperature = 1.0;  ///< T of the softmax over the rows of a similarity matrix.
  double weight = 50.0;      ///< w of the distillation from the target branches.
  bool pool_aggr = false;    ///< Branches read average + maximum of the feature map instead of the pooled features.
  std::vector<std::int64_t> target_dims = {1024, 1536, 2048};  ///< t_j, the embedding dimension of each branch.
  bool feat_distill = false;                                   ///< Also distil from the features themselves ...
  double feat_weight = 50.0;                                   ///< ... with this weight ...
  std::int64_t feat_distill_delay = 1000;                      ///< ... from this call of forward on, counted from 0.
  bool own_rates = false;  ///< Margin, arcface and softmax inside train at their own rates, not at lr (quirk Q18).
  double lr = 1e-5;
  std::int64_t feature_dim = 2048;  ///< F
};

/// How far the similarities of a student are from those of its teacher, both [B, B]: with q and s the softmax of the
/// rows of teacher / T and student / T, T^2 / B * sum of q (log q - log s); diagonals count. The teacher is a constant.
torch::Tensor similarity_divergence(const torch::Tensor& student, const torch::Tensor& teacher, double temperature);

/// Simultaneous similarity-based self-distillation: branches with embeddings of higher dimension, e_j = N(M_j(phi)),
/// M_j = Linear(F, t_j) - ReLU - Linear(t_j, t_j), are trained along and teach the embedding x = N(embeddings) their
/// similarities:
///   L = (mean_j L_target(e_j) + L_source(x)) / 2 + w mean_j KL(x x^T, e_j e_j^T) [+ feat_weight KL(x x^T, f f^T)],
/// f = N(phi), KL the similarity_divergence. phi [B, F] are the pooled features; gradients reach the backbone through
/// them. Source and targets have criteria and miners of their own, each mining in its own embeddings. Parameters:
/// target_net.<j>.<k>.*, target_criterion.<j>.*, source_criterion.*; the buffer `iteration` counts the calls.
/// Source: Roth et al., ICML 2021; docs/criteria.md#s2sd.
class S2sd final : public Criterion {
 public:
  /// One target for each of options.target_dims.
  S2sd(S2sdOptions options, InnerCriterion source, std::vector<InnerCriterion> targets, at::Generator generator);
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;
  /// With these tuples, where there are any, for the source and every target instead of mined ones.
  torch::Tensor loss(const BatchOutput& batch, const std::optional<miners::Tuples>& given);
  std::vector<ParameterGroup> parameter_groups() const override;
  std::vector<const miners::Miner*> miners_inside() const override;

 private:
  torch::Tensor features(const BatchOutput& batch) const;

  S2sdOptions options_;
  InnerCriterion source_;
  std::vector<InnerCriterion> targets_;
  std::vector<std::shared_ptr<Perceptron>> target_nets_;
  torch::Tensor iteration_;  ///< [] int64, on the device: asking for its value would stop the step.
};

Result<std::shared_ptr<Criterion>> make_s2sd(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
