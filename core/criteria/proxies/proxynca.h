#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

/// What the e(i, c) of a row and a proxy is.
enum class ProxyncaDistance { kSquared, kEuclidean, kNegativeDot };

struct ProxyncaOptions {
  double sphereradius = 3.0;  ///< Length r that rows and proxies are scaled to.
  double temperature = 1.0;   ///< Divides the term of the own proxy only (Q10).
  ProxyncaDistance distance = ProxyncaDistance::kSquared;
  bool all_classes = false;  ///< Z_i holds the own class too: a proper probability.
  double proxy_lr = 5e-4;
  std::int64_t n_classes = 1;
  std::int64_t embed_dim = 128;
};

/// mean_i [e(i, y_i) / temperature + log sum_{c in Z_i} exp(-e(i, c))], e between r N(x_i) and the trained r N(p_c);
/// Z_i are the other classes. May be negative. Where there is no other class the logarithm is left out.
/// Source: Movshovitz-Attias et al., ICCV 2017; docs/criteria.md#proxynca.
class Proxynca final : public Criterion {
 public:
  Proxynca(ProxyncaOptions options, const at::Generator& generator);
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;
  std::vector<ParameterGroup> parameter_groups() const override;

 private:
  ProxyncaOptions options_;
  torch::Tensor proxies_;  ///< [n_classes, embed_dim]
};

Result<std::shared_ptr<Criterion>> make_proxynca(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
