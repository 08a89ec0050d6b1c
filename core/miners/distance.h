#pragma once

#include "core/miners/miner.h"

namespace oodml::miners {

struct DistanceOptions {
  double lower_cutoff = 0.5;  ///< Closer negatives are all equally likely, Euclidean distance.
  bool lone_anchors = false;  ///< Anchors without a positive are their own positive, as in the references (Q36);
                              ///< else they are left out.
};

/// Which rows may be drawn as the positive of each anchor, all equally likely: [B, B] bool.
torch::Tensor distance_positives(const torch::Tensor& labels, bool lone_anchors);

/// Weights of each row as the negative of each anchor: [B, B], rows proportional to the probabilities.
torch::Tensor distance_negative_weights(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                        double lower_cutoff);

/// Every row an anchor; a positive drawn uniformly, a negative drawn by distance weighting.
/// Source: Wu et al., ICCV 2017; docs/miners.md#overview.
class Distance final : public Miner {
 public:
  explicit Distance(DistanceOptions options) : options_(options) {}
  Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;

 private:
  DistanceOptions options_;
};

}  // namespace oodml::miners
