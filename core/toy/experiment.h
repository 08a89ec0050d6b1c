#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/toy/plane.h"

namespace oodml::toy {

enum class Objective { kBase, kRegularised };

inline constexpr std::int64_t kSteps = 200;
inline constexpr std::int64_t kBatchSize = 24;
inline constexpr double kLearningRate = 0.03;
/// With which a negative is replaced by the triplet's positive in the regularised objective.
inline constexpr double kSwitchProbability = 0.001;

/// What a network learned; its embeddings lie on the unit circle.
struct Learned {
  std::vector<double> losses;                  ///< One a step.
  torch::Tensor embeddings;                    ///< [60, 2] of the training points
  std::vector<torch::Tensor> test_embeddings;  ///< [15, 2] each
  std::vector<double> singular_values;         ///< The two of `embeddings`, descending, not centred.
  std::vector<double> spectrum;                ///< The same divided by their sum.
};

struct Outcome {
  std::uint64_t seed = 1;
  Plane plane;
  Learned base, regularised;
};

/// Trains a network 2-30-30-2 with ReLU and unit rows on the plane by Adam. Both objectives start from the same values
/// and see the same batches, of different points each. A function of its arguments, bit for bit, where LibTorch is
/// deterministic (train::make_deterministic).
Learned learn(const Plane& plane, Objective objective, const Seeds& seeds);

/// The whole experiment. Source: Roth et al., ICML 2020, Sec. 5; docs/toy.md.
Outcome run_experiment(std::uint64_t seed);

}  // namespace oodml::toy
