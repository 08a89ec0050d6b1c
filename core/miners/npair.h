#pragma once

#include "core/miners/miner.h"

namespace oodml::miners {

/// Every row with a positive an anchor: one positive drawn uniformly from its class, and all rows of other classes
/// as its negative set. An anchor in a batch of one class has an empty set.
/// Source: Sohn, NeurIPS 2016; docs/miners.md#overview.
class NPair final : public Miner {
 public:
  Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;
};

}  // namespace oodml::miners
