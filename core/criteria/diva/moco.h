#pragma once

#include "core/criteria/criterion.h"

namespace oodml::criteria {

/// How strongly fast_moco's negatives count, by their distance.
struct KeyWeighting {
  double lower_cutoff = 0.5;    ///< Smaller distances count as this one, Euclidean.
  double upper_cutoff = 1.4;    ///< Keys farther than this get the floor.
  bool denormal_floor = false;  ///< The references' smallest weight, 1e-45, instead of the smallest normal float.
};

struct MocoOptions {
  double temperature = 0.01;
  bool trainable_temp = false;  ///< The temperature is a parameter, clamped to [1e-8, 1e4] in the loss.
  double temp_lr = 5e-4;
  std::optional<KeyWeighting> weighting;  ///< fast_moco; nothing for moco.
};

/// Weights w of the similarities q_b.u_k, detached: queries [B, D], queue [K, D], both taken as unit rows, -> [B, K];
/// every column sums to 1. B and K are 1 or more. With delta = max(sqrt(max(2 - 2 q.u, 0)), lower) and
/// omega = (2-D) ln delta - ((D-3)/2) ln(1 - delta^2/4):  w = exp(omega - max omega), 0 beyond the upper cut-off,
/// floored, then divided by its sum over the queries (quirk Q16: not over the keys).
torch::Tensor key_weights(const torch::Tensor& queries, const torch::Tensor& queue, const KeyWeighting& weighting);

/// Which of the keys is the image's own: queries q = embeddings [B, D], keys k [B, D] of another view, queue u [K, D]
/// of earlier keys (K may be 0). Cross-entropy of [q_b.k_b, w_b1 q_b.u_1, ..., w_bK q_b.u_K] / temperature against the
/// first, mean over the batch; w = 1 for moco, key_weights for fast_moco. Assumes rows of unit length.
/// Sources: He et al., CVPR 2020; Milbich et al., ECCV 2020; docs/criteria.md#moco.
class Moco final : public Criterion {
 public:
  explicit Moco(MocoOptions options);
  torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) override;
  std::vector<ParameterGroup> parameter_groups() const override;

 private:
  MocoOptions options_;
  torch::Tensor temperature_;  ///< []; undefined unless trainable
};

Result<std::shared_ptr<Criterion>> make_moco(const Params& params, const CriterionContext& context);
Result<std::shared_ptr<Criterion>> make_fast_moco(const Params& params, const CriterionContext& context);

}  // namespace oodml::criteria
