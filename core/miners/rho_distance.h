#pragma once

#include "core/miners/miner.h"

namespace oodml::miners {

struct RhoDistanceOptions {
  double cp = 0.2;            ///< Probability that an anchor pushes a row of its own class away.
  double lower_cutoff = 0.5;  ///< Closer negatives are all equally likely, Euclidean distance.
};

/// Weights of each row as the negative of each anchor that does not push: [B, B]. As distance_negative_weights, but
/// with squared distances floored at 1e-4, as in the references.
torch::Tensor rho_distance_negative_weights(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                            double lower_cutoff);

/// Every row with a positive an anchor. With probability 1 - cp as `distance`; with probability cp the anchor is its
/// own positive and the "negative" is drawn uniformly from its class, which pushes the pair apart. Source: Roth et al.,
/// ICML 2020, Sec. 5; docs/miners.md#overview.
class RhoDistance final : public Miner {
 public:
  explicit RhoDistance(RhoDistanceOptions options)
      : options_(options), push_triplets_(at::zeros({}, at::TensorOptions(at::kDouble))) {}
  Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;
  torch::Tensor push_triplets() const override { return push_triplets_; }

 private:
  RhoDistanceOptions options_;
  torch::Tensor push_triplets_;  ///< [] double
};

}  // namespace oodml::miners
