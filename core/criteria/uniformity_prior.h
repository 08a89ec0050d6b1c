#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>

#include "core/base/result.h"
#include "core/criteria/perceptron.h"

namespace oodml::criteria {

struct UniformityPriorOptions {
  std::int64_t chunk_size = 128;  ///< c: the features of an image are cut into pieces of this length.
  std::int64_t latent = 100;      ///< Width of the discriminator's hidden layers.
  double weight = 0.1;            ///< w of the generator term.
};

/// Pulls the pooled features of the backbone towards the uniform distribution on (-1, 1): a discriminator G
/// (Linear(c, latent) - ReLU - Linear(latent, latent) - ReLU - Linear(latent, 1) - sigmoid) learns to tell chunks of
/// features from uniform noise, the backbone learns to deceive it. Every step adds generator_term to the loss; now and
/// then the discriminator takes a step of its own, with its own optimiser, on discriminator_loss.
///
/// features [B, F]: pooled, not normalised, F a multiple of c, cut row-major into [B F / c, c]. Losses are means of
/// binary cross-entropy with logarithms floored at -100. Parameters: discriminator.<k>.weight and .bias, k = 0, 1, 2.
/// Source: docs/criteria.md#uniformity-prior (quirk T13: the features, not the embeddings).
class UniformityPrior final : public torch::nn::Module {
 public:
  UniformityPrior(UniformityPriorOptions options, at::Generator generator);

  /// w * BCE(G(chunks), 1), a scalar attached to the features. It leaves no gradient on the discriminator. A zero
  /// attached to the features when there is no row.
  torch::Tensor generator_term(const torch::Tensor& features) const;

  /// BCE(G(uniform), 1) + BCE(G(chunks), 0) with the features as constants; gradients for the discriminator only.
  /// uniform [B F / c, c], as draw_uniform gives it.
  torch::Tensor discriminator_loss(const torch::Tensor& features, const torch::Tensor& uniform) const;

  /// U(-1, 1) of the chunks' shape, type and device; the generator belongs to that device.
  torch::Tensor draw_uniform(const torch::Tensor& features, at::Generator generator) const;

 private:
  torch::Tensor chunks(const torch::Tensor& features) const;

  UniformityPriorOptions options_;
  std::shared_ptr<Perceptron> discriminator_;
};

/// kInvalidArgument unless chunk_size and latent are positive and feature_dim (F) is a multiple of chunk_size.
/// Parameters are made on the CPU from `generator`; move the module with to(device).
Result<std::shared_ptr<UniformityPrior>> make_uniformity_prior(UniformityPriorOptions options, std::int64_t feature_dim,
                                                               at::Generator generator);

}  // namespace oodml::criteria
