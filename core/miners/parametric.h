#pragma once

#include <cstdint>
#include <string>

#include "core/miners/miner.h"

namespace oodml::miners {

struct ParametricOptions {
  std::string mode = "uniform";  ///< uniform, hards, semihards, veryhards: which bins weigh.
  std::int64_t n_support = 10;   ///< Support points, 2 or more; the bins lie between them.
  double lower = 0.1;            ///< First support point, Euclidean distance.
  double upper = 1.4;            ///< Last support point, above `lower`.
  bool reference_form = false;   ///< Distances outside the limits fall into the outer bins, semihards keeps some
                                 ///< weight everywhere, and no bin weighs exactly zero (Q22).
};

/// Weight of every support point: [n_support] double on the device of `like`. Bin r has that of point r; the last
/// point's is never used. Not normalised.
torch::Tensor parametric_bin_weights(const ParametricOptions& options, const torch::Tensor& like);

/// Weights of each row as the negative of each anchor: [B, B] double. The bin of a distance is the number of interior
/// support points below it. Outside the limits the weight is zero; an anchor left without any takes its negatives
/// uniformly from all other classes.
torch::Tensor parametric_negative_weights(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                          const ParametricOptions& options);

/// Every row with a positive and a negative an anchor; a positive drawn uniformly, a negative by a histogram over its
/// distance. Source: the code of Milbich et al. (ooDML), NeurIPS 2021; docs/miners.md#parametric.
class Parametric final : public Miner {
 public:
  explicit Parametric(ParametricOptions options) : options_(std::move(options)) {}
  Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;

 private:
  ParametricOptions options_;
};

/// kInvalidArgument unless support_lim is [l, u] with l < u.
Result<std::unique_ptr<Miner>> make_parametric(const Params& params, bool compat_paper);

}  // namespace oodml::miners
