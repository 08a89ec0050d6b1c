#pragma once

#include "core/miners/miner.h"

namespace oodml::miners {

/// The first row of each class present: [B] bool. Drawing among them draws a class uniformly.
torch::Tensor first_of_class(const torch::Tensor& labels);

/// B triplets inside single classes: a class drawn uniformly from those present, then anchor, positive and negative
/// drawn from it independently, so that they may coincide. Trains what differs within a class.
/// Source: Milbich et al. (DiVA), ECCV 2020; docs/miners.md#overview.
class IntraRandom final : public Miner {
 public:
  Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;
};

}  // namespace oodml::miners
