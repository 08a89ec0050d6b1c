#pragma once

#include "core/miners/miner.h"

namespace oodml::miners {

/// As `distance`, but on the labels of the batch in a random order, so that a "class" is a random group of rows. Rows
/// alone under the permuted labels are left out. Source: Milbich et al. (DiVA), ECCV 2020;
/// docs/miners.md#random-distance.
class RandomDistance final : public Miner {
 public:
  explicit RandomDistance(double lower_cutoff) : lower_cutoff_(lower_cutoff) {}
  Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;

 private:
  double lower_cutoff_;
};

}  // namespace oodml::miners
