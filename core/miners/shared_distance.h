#pragma once

#include "core/miners/miner.h"

namespace oodml::miners {

enum class SharedPositives {
  kUniform,   ///< shared_neg_distance
  kWeighted,  ///< shared_full_distance: by the distance weighting of the negatives
};

/// Weights of each row as the "positive" of each anchor, given its negative: rows of a third class, neither the
/// anchor's nor the negative's. embeddings [B, D], labels [B], negative [B] int64 -> [B, B].
torch::Tensor shared_positive_weights(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                      const torch::Tensor& negative, SharedPositives positives, double lower_cutoff);

/// Every row an anchor. The negative is drawn first, as `distance` does; the "positive" comes from a third class, so
/// that what is learned is shared between classes. Anchors without a third class are left out.
/// Source: Milbich et al. (DiVA), ECCV 2020; docs/miners.md#overview.
class SharedDistance final : public Miner {
 public:
  SharedDistance(SharedPositives positives, double lower_cutoff) : positives_(positives), lower_cutoff_(lower_cutoff) {}
  Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;

 private:
  SharedPositives positives_;
  double lower_cutoff_;
};

}  // namespace oodml::miners
