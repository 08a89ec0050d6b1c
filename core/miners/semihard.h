#pragma once

#include "core/miners/miner.h"

namespace oodml::miners {

struct NegativeCandidates {
  torch::Tensor mask;      ///< [T, B] bool: may be the negative of pair t
  torch::Tensor fallback;  ///< [T] bool: the window was empty, so every other class may
};

/// Negatives of the pairs (anchor, positive): {j in Diff(a): d_ap < d_aj < d_ap + margin}, or Diff(a) where that is
/// empty. distances [B, B] Euclidean, other [B, B] = Diff, anchor and positive [T] int64.
NegativeCandidates semihard_negatives(const torch::Tensor& distances, const torch::Tensor& other,
                                      const torch::Tensor& anchor, const torch::Tensor& positive, double margin);

/// Every row an anchor; a positive drawn uniformly, then a negative farther than it, but by less than a margin.
/// Rows without a positive or a negative are left out. Source: Schroff et al., CVPR 2015; spec 2.1.
class Semihard final : public Miner {
 public:
  explicit Semihard(double margin) : margin_(margin) {}
  Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;

 private:
  double margin_;
};

}  // namespace oodml::miners
