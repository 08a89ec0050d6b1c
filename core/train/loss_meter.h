#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>

namespace oodml::train {

/// Sums the losses of an epoch on their device and remembers the first that is not finite, so that a GPU is
/// asked for a number only when somebody looks.
class LossMeter {
 public:
  /// Starts an epoch in which `steps` steps with losses of sum `sum` are done already.
  LossMeter(const torch::Device& device, double sum, std::int64_t steps);

  /// The embeddings are looked at too: a hinge hides what is NaN behind a loss of zero.
  void add(const torch::Tensor& loss, const torch::Tensor& embeddings);

  // These wait for the device.
  double sum() const { return sum_.item<double>(); }
  double newest() const { return newest_.defined() ? newest_.item<double>() : 0.0; }
  /// 1-based number, in the epoch, of the first step whose loss or embeddings were NaN or infinite.
  std::optional<std::int64_t> first_not_finite() const;

  std::int64_t steps() const { return steps_; }

 private:
  torch::Tensor sum_;         ///< float64 scalar
  torch::Tensor first_bad_;   ///< int64 scalar
  torch::Tensor newest_;
  std::int64_t steps_;
};

}  // namespace oodml::train
