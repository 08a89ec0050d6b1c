#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/result.h"
#include "core/criteria/uniformity_prior.h"
#include "core/models/tensor_file.h"
#include "core/train/adam.h"

namespace oodml::train {

/// The discriminator of the uniformity prior (docs/criteria.md#uniformity-prior).
struct AdversaryOptions {
  std::int64_t every = 10;  ///< Steps between two updates; the first step has one.
  double lr = 1e-5;
  double gamma = 0.1;
  std::vector<std::int64_t> tau;
};

/// Trains the discriminator of the uniformity prior beside the network: an Adam of its own with betas (0.5, 0.999)
/// and no decay, a schedule of its own, one update every few steps. Features that are not finite move nothing: those
/// that overflowed in one step would spoil the discriminator for good. Source: docs/criteria.md#uniformity-prior.
class Adversary {
 public:
  /// `prior` is on the training device.
  Adversary(std::shared_ptr<criteria::UniformityPrior> prior, AdversaryOptions options, const torch::Device& device);

  /// What is added to the loss of a step. Updates the discriminator first where one is due. `iteration` counts the
  /// steps of the whole run from 0; the uniform noise is a function of `noise_seed`.
  torch::Tensor term(const torch::Tensor& avg_features, std::int64_t epoch, std::int64_t iteration,
                     std::uint64_t noise_seed);

  /// "prior.<name>" and "optimizer.<name>".
  models::NamedTensors state() const;
  Status restore(const models::NamedTensors& state);

 private:
  /// Leaves the update out when `skip`, a scalar on the device, is true.
  void train_discriminator(const torch::Tensor& features, std::int64_t epoch, std::uint64_t noise_seed,
                           const torch::Tensor& skip);

  std::shared_ptr<criteria::UniformityPrior> prior_;
  AdversaryOptions options_;
  Adam optimizer_;
  at::Generator generator_;
};

}  // namespace oodml::train
