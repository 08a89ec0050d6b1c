#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>

#include "core/base/result.h"
#include "core/data/loader.h"
#include "core/models/tensor_file.h"
#include "core/train/adam.h"
#include "core/train/adversary.h"
#include "core/train/momentum_keys.h"
#include "core/train/parts.h"

namespace oodml::train {

/// Where a step stands in its run.
struct StepPlace {
  std::int64_t epoch = 0;
  std::int64_t step = 0;       ///< In the epoch, from 0.
  std::int64_t iteration = 0;  ///< In the whole run, from 0.
};

struct StepOutcome {
  torch::Tensor loss;        ///< Scalar.
  torch::Tensor embeddings;  ///< [B, D]
  torch::Tensor outputs;     ///< [B, any]: the embeddings of all heads, to be looked at for NaN.
};

/// What one batch does: forward, mining, criterion with what it reads, backward, updates of network, criterion,
/// discriminator and momentum network. Nothing here waits for the device. Draws are functions of the trial's seed and
/// the step's place.
class TrainingStep {
 public:
  /// The modules of `parts` are on options.device; both outlive the step.
  TrainingStep(const Parts& parts, const TrainOptions& options);

  StepOutcome run(const data::Batch& batch, const StepPlace& place);

  /// The keys of criteria that read them, to be filled before the first step; null for others.
  MomentumKeys* keys() { return keys_ ? &*keys_ : nullptr; }

  models::NamedTensors optimizer_state() const { return optimizer_.state(); }
  /// "adversary.<name>" and "keys.<name>".
  models::NamedTensors extras() const;
  Status restore(const models::NamedTensors& optimizer, const models::NamedTensors& extras);

 private:
  std::optional<miners::Tuples> mined(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                      const StepPlace& place);

  const Parts& parts_;
  const TrainOptions& options_;
  Adam optimizer_;
  at::Generator miner_generator_, criterion_generator_;
  std::optional<Adversary> adversary_;
  std::optional<MomentumKeys> keys_;
};

}  // namespace oodml::train
