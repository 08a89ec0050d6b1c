#pragma once

#include "core/criteria/criterion.h"
#include "core/criteria/flow/conditional_flow.h"
#include "core/criteria/proxies/oproxy.h"

namespace oodml::criteria {

struct NirOptions {
  double w_align = 0.01;  ///< Weight of the proxy loss; the flow loss has weight 1.
  double noise = 0.0;     ///< Uniform noise added to the rows before the flow, then renormalised; 0 is none.
  double proxy_lr = 0.04;
  double flow_lr = 5e-4;  ///< Of the flow and its conditioner.
  OproxyOptions proxy;    ///< Anchor form, NIR numerics.
  FlowOptions flow;
};

/// What the loss is made of.
struct NirTerms {
  torch::Tensor z;           ///< [B, D], the rows through the flow
  torch::Tensor log_det;     ///< [B]
  torch::Tensor flow_loss;   ///< []
  torch::Tensor proxy_loss;  ///< []
  torch::Tensor loss;        ///< [], flow_loss + w_align * proxy_loss
};

/// Non-isotropy regularisation: a normalising flow, under the condition of the row's own unit proxy, maps embeddings
/// (z, J) = F(x | N(p_y)) to a standard normal; flow_loss = mean exp(0.5 ||z||^2 - J), proxy_loss = ProxyAnchor on the
/// same proxies. Gradients reach rows, proxies (through both terms) and flow. The exponential is taken in double
/// precision, of at most 80: a diverging flow shows as a huge but finite loss (quirk T18), and rows beyond
/// that have no gradient in the flow term. Assumes rows of unit length.
/// Parameters: proxies, flow.<k>.s1.*, flow.<k>.s2.*, condition.<k>.*.
/// Source: Roth et al., CVPR 2022; docs/criteria.md#nir.
class Nir final : public Criterion {
 public:
  Nir(NirOptions options, at::Generator generator);
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;
  /// Of a batch that is not empty; uniform [B, D] in [0, 1) is the noise, read when options.noise > 0.
  NirTerms terms(const BatchOutput& batch, const torch::Tensor& uniform) const;
  std::vector<ParameterGroup> parameter_groups() const override;
  const ConditionalFlow& flow() const { return *flow_; }

 private:
  NirOptions options_;
  torch::Tensor proxies_;  ///< [n_classes, D]
  std::shared_ptr<ConditionalFlow> flow_;
  std::shared_ptr<Conditioner> conditioner_;
};

/// kInvalidArgument for embeddings of one dimension, which have no two halves.
Result<std::shared_ptr<Criterion>> make_nir(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
