#pragma once

#include "core/miners/miner.h"

namespace oodml::miners {

struct SofthardCandidates {
  torch::Tensor positives;  ///< [B, B] bool: may be the positive of each anchor
  torch::Tensor negatives;  ///< [B, B] bool: may be the negative of each anchor
};

/// Positives farther than the nearest row of another class, negatives nearer than the farthest row of the class;
/// all of the class, all of the others, where there is none. Rows of anchors without a positive or a negative are
/// false. distances [B, B] Euclidean, labels [B].
SofthardCandidates softhard_candidates(const torch::Tensor& distances, const torch::Tensor& labels);

/// Every row with a positive and a negative an anchor; both drawn uniformly from the hard ones.
/// Source: the code of Roth et al., ICML 2020; docs/miners.md#overview.
class Softhard final : public Miner {
 public:
  Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;
};

}  // namespace oodml::miners
