#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/job/event.h"
#include "core/train/best_checkpoints.h"
#include "core/train/checkpoint.h"
#include "core/train/embed.h"
#include "core/train/embedding_store.h"
#include "core/train/loss_meter.h"
#include "core/train/pace.h"
#include "core/train/parts.h"
#include "core/train/sampling_policy.h"
#include "core/train/selected_network.h"
#include "core/train/train_options.h"
#include "core/train/training_step.h"

namespace oodml::train {

/// What the run tells the world and hears from it.
struct Channel {
  std::function<Status(const job::EventBody&)> emit;
  std::function<bool()> stop_requested;
};

/// How a run ended that did not fail.
struct Ending {
  enum class Kind { kDone, kStopped, kNotFinite };
  Kind kind = Kind::kDone;
  std::int64_t epoch = 0;  ///< Epochs finished.
  std::int64_t step = 0;   ///< Steps finished in the running epoch; for kNotFinite the 1-based step, 0 in evaluation.
};

/// Trains and evaluates one network (docs/training.md#epoch): per epoch all batches, then loss and seconds, then the
/// metrics of every set when they are due, then a checkpoint. The result is a function of the parts' initial
/// values and the seeds: on a CPU bit for bit, wherever it was stopped or killed and resumed in between.
///
/// Replicas (TrainOptions::replicas) all run the same trainer in step with each other. The first decides when it ends:
/// the others never stop by themselves, save and report nothing, and are ended by whoever started them.
class Trainer {
 public:
  Trainer(Parts parts, TrainOptions options, CheckpointStore checkpoints, Channel channel, const Clock& clock);
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Goes on from a checkpoint of this trial. Before run().
  Status resume(const Snapshot& snapshot);
  /// Reports the split's FID and the history it resumed from, then the rest of the run. Stops with a checkpoint at the
  /// end of a step, or between two batches of an evaluation, once stop_requested() is true.
  Result<Ending> run();
  /// Every figure reported so far.
  const std::vector<job::Metric>& history() const { return state_.history; }
  /// The metrics that are vectors, as measured last.
  const std::vector<VectorFigure>& vectors() const { return state_.vectors; }
  /// The sampling policy; null without one.
  const SamplingPolicy* policy() const { return parts_.policy.get(); }

 private:
  enum class Flow { kGoOn, kStop, kNotFinite };

  bool is_first() const { return options_.replicas->rank() == 0; }
  /// Tensors of every module that the run trains.
  models::NamedTensors module_state() const;
  Result<Flow> run_epochs();
  /// Before the first step: embeds what the sampler and the criterion start from.
  Result<Flow> prepare();
  Result<Flow> fill_store();
  Result<Flow> fill_queue(MomentumKeys& keys);
  Result<Flow> train_epoch();
  /// The batches of an epoch, as the sampler chooses them; a number behind the last epoch gives spare ones.
  samplers::Batches batches(std::int64_t epoch) const;
  void train_step(const data::Batch& batch, LossMeter& losses);
  /// Brings state_ up to date with the device; false when a loss was not finite, with its step in state_.
  bool look_at(const LossMeter& losses);
  /// What follows an epoch, or what a stop has left of it: evaluation and checkpoint. Nothing when it is done.
  Result<Flow> finish_epoch();
  Result<Flow> evaluate_if_due();
  Result<Flow> evaluate_set(const EvaluationSet& set, std::vector<job::Metric>& figures);
  bool evaluates_features() const;
  Result<std::optional<EmbeddedSet>> embed_set(const std::shared_ptr<const data::Dataset>& dataset, const char* phase,
                                               bool training_mode = false);

  // trainer_policy.cpp: what a sampling policy is told, and asked; nothing without one.
  PolicyTools policy_tools();
  Status begin_policy_epoch(std::int64_t epoch);
  /// After `step` steps of the running epoch.
  Result<Flow> follow_policy(std::int64_t step);
  Status record_policy(std::int64_t finished);

  /// False when the run is to stop, or when progress could not be told: the failure is then in told_.
  bool goes_on(const char* phase);
  bool evaluation_due(std::int64_t epoch) const;
  std::int64_t evaluations_left() const;
  /// Keeps the network of this epoch for each metric that has never been better. `figures` are not in the history yet.
  Status keep_best(const std::vector<job::Metric>& figures);
  Status save_checkpoint();
  Status record_epoch();
  Status tell_progress(const char* phase);
  Status emit(const job::EventBody& body) { return channel_.emit(body); }

  Parts parts_;
  TrainOptions options_;
  CheckpointStore checkpoints_;
  BestCheckpoints best_;
  Channel channel_;
  const Clock& clock_;
  TrainingStep step_;
  std::optional<EmbeddingStore> store_;      ///< For samplers that look at embeddings.
  std::optional<SelectedNetwork> selected_;  ///< Where validation selects an epoch.
  Pace pace_;
  Status told_;
  std::vector<torch::Tensor> before_policy_;  ///< The network's buffers, where measuring for the policy changes them.
  RunState state_;
  std::int64_t steps_per_epoch_;
  double newest_loss_;
  std::chrono::steady_clock::time_point looked_;  ///< When state_ was last brought up to date.
  double trained_ = 0.0, waited_ = 0.0;  ///< Seconds of this process in the running epoch; of these, for images.
};

}  // namespace oodml::train
