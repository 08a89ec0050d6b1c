#pragma once

#include "core/miners/miner.h"

namespace oodml::miners {

/// The nearest row of each anchor's class, the lower index first among equals: [B] int64, of no meaning where the
/// anchor is alone. distances [B, B], same [B, B] = Same.
torch::Tensor easy_positives(const torch::Tensor& distances, const torch::Tensor& same);

/// Easy positive, semi-hard negative: every row with a positive and a negative an anchor; the nearest row of its class,
/// and a negative drawn as `semihard` does for that pair.
/// Source: Xuan et al., WACV 2020; docs/miners.md#epshn. The references' own version cannot run
/// (quirk Q22).
class Epshn final : public Miner {
 public:
  explicit Epshn(double margin) : margin_(margin) {}
  Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;

 private:
  double margin_;
};

}  // namespace oodml::miners
