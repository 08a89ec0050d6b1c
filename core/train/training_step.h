#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/data/loader.h"
#include "core/models/tensor_file.h"
#include "core/train/adversary.h"
#include "core/train/gradient_scaler.h"
#include "core/train/momentum_keys.h"
#include "core/train/optimizer.h"
#include "core/train/parts.h"
#include "core/train/push_meter.h"
#include "core/train/step_figures.h"
#include "core/train/train_options.h"

namespace oodml::train {

/// Where a step stands in its run.
struct StepPlace {
  std::int64_t epoch = 0;
  std::int64_t step = 0;       ///< In the epoch, from 0.
  std::int64_t steps = 1;      ///< Of the epoch.
  std::int64_t iteration = 0;  ///< In the whole run, from 0.
};

struct StepOutcome {
  torch::Tensor loss;        ///< Scalar.
  torch::Tensor embeddings;  ///< [B, D]
  torch::Tensor outputs;     ///< [B, any]: the embeddings of all heads, to be looked at for NaN.
  torch::Tensor positions;   ///< [B] int64 in the training set
};

/// What one batch does: forward, mining, criterion with what it reads, backward, updates of network, criterion,
/// discriminator and momentum network. With `accumulate` above 1 each batch is mined and judged for itself, and
/// network, criterion and momentum network are updated by the mean gradient of so many, or of what the epoch has left
/// of them. Nothing here waits for the device. Draws are functions of the trial's seed and the step's place.
///
/// With several replicas each runs the network on its own part of the batch. Mining, criterion and what else looks at
/// the batch see all of it, on every replica alike (core/collective/README.md says why the gradients add up); what they
/// keep is therefore the same everywhere, and the outcome is that of the whole batch.
class TrainingStep {
 public:
  /// The modules of `parts` are on options.device; both outlive the step.
  TrainingStep(const Parts& parts, const TrainOptions& options);

  StepOutcome run(const data::Batch& batch, const StepPlace& place);

  /// The keys of criteria that read them, to be filled before the first step; null for others.
  MomentumKeys* keys() { return keys_ ? &*keys_ : nullptr; }

  /// What the steps since the last call give beside their losses, by name; starts over. Waits for the device.
  std::vector<std::pair<std::string, double>> finish_epoch();

  models::NamedTensors optimizer_state() const { return optimizer_->state(); }
  /// "adversary.<name>", "keys.<name>", "scaler.<name>", "figures.<name>", "pushes.<name>" and, between two batches of
  /// one update, "gradients.<group>.<index>".
  models::NamedTensors extras() const;
  Status restore(const models::NamedTensors& optimizer, const models::NamedTensors& extras);

 private:
  std::optional<miners::Tuples> mined(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                      const StepPlace& place);
  torch::Tensor loss_of(const models::NetworkOutput& output, const torch::Tensor& labels, criteria::BatchOutput batch,
                        const StepPlace& place);
  /// The backward pass of one batch, and the update when it is the last of its group.
  void learn(const torch::Tensor& loss, const StepPlace& place);
  void update(const StepPlace& place);
  /// The gradients of the whole batch from those that came through the own part of it.
  void join_gradients();

  const Parts& parts_;
  const TrainOptions& options_;
  std::unique_ptr<Optimizer> optimizer_;
  std::vector<torch::Tensor> network_parameters_, criterion_parameters_;
  StepFigures figures_;
  PushMeter pushes_;
  bool inside_group_ = false;  ///< The gradients hold batches of an update that is still to come.
  at::Generator miner_generator_, criterion_generator_;
  std::optional<Adversary> adversary_;
  std::optional<MomentumKeys> keys_;
  std::optional<GradientScaler> scaler_;
};

}  // namespace oodml::train
