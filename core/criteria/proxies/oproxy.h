#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

struct OproxyOptions {
  bool nca = false;  ///< Samples are the anchors (ProxyNCA) instead of proxies (ProxyAnchor).
  double pos_alpha = 32.0;
  double neg_alpha = 32.0;
  double pos_delta = 0.1;
  double neg_delta = -0.1;
  bool euclidean = false;       ///< Distances instead of cosines; both alphas change sign.
  bool detach_proxies = false;  ///< No gradient to the proxies.
  bool unique = false;          ///< anchor: positives averaged over classes, not samples; nca: no multiplicity (Q11).
  bool nir = false;             ///< anchor, batches of one class: the negative term is averaged over all classes.
  double proxy_lr = 0.02;
  std::int64_t n_classes = 1;
  std::int64_t embed_dim = 128;
};

/// ProxyAnchor and ProxyNCA in one form, with one trained proxy a class; sigma_ic = N(x_i).N(p_c),
/// u = -pos_alpha (sigma - pos_delta), v = neg_alpha (sigma - neg_delta):
///   anchor: mean_j log(1 + sum_{i: y_i = y_j} exp u_{i,y_j}) + mean_{c in K} log(1 + sum_{i: y_i != c} exp v_ic),
///           K the classes of which the batch has a sample of another class;
///   nca:    mean_i log(1 + n_i exp u_{i,y_i}) + mean_i log(1 + sum_{c != y_i} exp v_ic), n_i samples of class y_i.
/// Normalises rows and proxies itself. Source: Kim et al., CVPR 2020; docs/criteria.md#oproxy.
class Oproxy final : public Criterion {
 public:
  Oproxy(OproxyOptions options, at::Generator generator);
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& triplets) override;
  std::vector<ParameterGroup> parameter_groups() const override;

 private:
  OproxyOptions options_;
  torch::Tensor proxies_;  ///< [n_classes, embed_dim]
};

/// The loss on proxies [n_classes, D] that somebody else trains; embeddings [B, D], labels [B], B >= 1.
torch::Tensor oproxy_loss(const torch::Tensor& embeddings, const torch::Tensor& labels, const torch::Tensor& proxies,
                          const OproxyOptions& options);

Result<std::shared_ptr<Criterion>> make_oproxy(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
