#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>

namespace oodml::train {

/// Sums the losses of an epoch on their device and remembers the first that is not finite, so that a GPU is
/// asked for a number only when somebody looks.
class LossMeter {
 public:
  /// What is done of an epoch already: its steps, how many of them had a finite loss, and the sum of those.
  struct Start {
    double sum = 0.0;
    std::int64_t steps = 0;
    std::int64_t finite = 0;
  };
  LossMeter(const torch::Device& device, Start start);

  /// The embeddings are looked at too: a hinge hides what is NaN behind a loss of zero. A loss that is not finite is
  /// left out of the sum.
  void add(const torch::Tensor& loss, const torch::Tensor& embeddings);

  // These wait for the device.
  double sum() const { return sum_.item<double>(); }
  std::int64_t finite() const { return finite_.item<std::int64_t>(); }
  double newest() const { return newest_.defined() ? newest_.item<double>() : 0.0; }
  /// 1-based number, in the epoch, of the first step whose loss or embeddings were NaN or infinite.
  std::optional<std::int64_t> first_not_finite() const;

  std::int64_t steps() const { return steps_; }

 private:
  torch::Tensor sum_;        ///< float64 scalar
  torch::Tensor finite_;     ///< int64 scalar
  torch::Tensor first_bad_;  ///< int64 scalar
  torch::Tensor newest_;
  std::int64_t steps_;
};

}  // namespace oodml::train
