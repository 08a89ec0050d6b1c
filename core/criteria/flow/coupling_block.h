#pragma once

#include "core/criteria/perceptron.h"

namespace oodml::criteria {

/// Of the blocks of a flow and their subnets.
struct CouplingOptions {
  std::int64_t dim = 128;    ///< D, 2 or more.
  std::int64_t depth = 8;    ///< Linear layers of a subnet, 2 or more.
  std::int64_t width = 128;  ///< Of a subnet's hidden layers.
  double clamp_alpha = 2.0;  ///< a: log scales are a * 0.636 * atan(raw), so they stay within about -a to a.
  LinearInit init = LinearInit::kFanIn;
};

/// A transformation of vectors with the logarithm of its volume change.
struct Transformed {
  torch::Tensor values;   ///< [B, D]
  torch::Tensor log_det;  ///< [B]
};

/// A fixed permutation, then an affine coupling of GLOW's kind that transforms both halves, v1 of round-half-even(D/2)
/// entries and v2 of the rest, under a condition c:
///   (s2, t2) = S2([v2, c]),  u1 = exp(clamped s2) v1 + t2;   (s1, t1) = S1([u1, c]),  u2 = exp(clamped s1) v2 + t1;
/// log|det| = sum of the clamped s2 and s1. Subnets are perceptrons; parameters s1.<k>.*, s2.<k>.*.
/// Source: Ardizzone et al., ICLR 2019; Kingma and Dhariwal, NeurIPS 2018; docs/criteria.md#nir.
class CouplingBlock final : public torch::nn::Module {
 public:
  /// `index` k seeds the permutation; condition_dim is 0 for a block without condition.
  CouplingBlock(const CouplingOptions& options, std::int64_t index, std::int64_t condition_dim,
                at::Generator generator);

  /// x [B, D], condition [B, condition_dim], undefined for a block without.
  Transformed forward(const torch::Tensor& x, const torch::Tensor& condition) const;
  /// [D] int64: entry j of the block's input is entry permutation[j] of x.
  torch::Tensor permutation() const;

 private:
  struct Affine {
    torch::Tensor log_scale, shift;
  };
  Affine affine(const Perceptron& subnet, const torch::Tensor& half, const torch::Tensor& condition) const;

  double clamp_alpha_;
  std::int64_t first_;  ///< Entries of v1.
  std::shared_ptr<Perceptron> s1_, s2_;
  torch::Tensor permutation_;
};

}  // namespace oodml::criteria
