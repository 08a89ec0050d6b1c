#pragma once

#include "core/miners/miner.h"

namespace oodml::miners {

/// Every row with a positive an anchor: all other rows of its class as positive set, all rows of other classes as
/// negative set. Nothing is drawn. Source: Oh Song et al., CVPR 2016; docs/miners.md#overview.
class Lifted final : public Miner {
 public:
  Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;
};

}  // namespace oodml::miners
