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

/// Among what positives and negatives are drawn, where that is not the batch itself.
struct DistanceTargets {
  /// [M] int64: labels of the rows that are drawn, those of a memory, say, or others for the batch's own rows.
  /// Undefined: the batch's.
  torch::Tensor labels;
  /// [B, M] Euclidean distances of anchors and targets. Undefined: those of the batch's rows, so M must be B.
  torch::Tensor distances;
  bool clip_distances = false;  ///< Raise given distances to lower_cutoff, as NIR does; ooDML and Revisiting do not.
  bool are_the_batch = false;   ///< Target i is row i: it is its own positive only where it has no other and
                                ///< lone_anchors says so. True whenever `labels` is undefined.
};

struct DistanceMined {
  Tuples tuples;            ///< Anchors are rows of the batch, positives and negatives rows of the targets.
  torch::Tensor distances;  ///< [B, M] as they were drawn by: clipped from below, but those given only if asked for.
};

/// Every row an anchor; a positive drawn uniformly, a negative drawn by distance weighting.
/// Source: Wu et al., ICCV 2017; docs/miners.md#overview.
class Distance final : public Miner {
 public:
  explicit Distance(DistanceOptions options) : options_(options) {}
  Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;

  /// The same against targets. Tuple i is that of row i, whether it has a positive or not (`valid` says so; a reference
  /// loses that order). Throws std::invalid_argument on shapes that do not fit. Source: docs/miners.md#targets.
  DistanceMined mine_targets(const torch::Tensor& embeddings, const torch::Tensor& labels,
                             const DistanceTargets& targets, const at::Generator& generator) const;

 private:
  DistanceOptions options_;
};

}  // namespace oodml::miners
