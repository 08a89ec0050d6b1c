#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/seeds.h"
#include "core/criteria/criterion.h"
#include "core/data/dataset.h"
#include "core/data/loader.h"
#include "core/job/event.h"
#include "core/metrics/evaluation.h"
#include "core/miners/miner.h"
#include "core/models/backbone.h"
#include "core/samplers/batch_sampler.h"
#include "core/train/adam.h"
#include "core/train/checkpoint.h"
#include "core/train/loss_meter.h"
#include "core/train/pace.h"

namespace oodml::train {

/// A set that is embedded and measured.
struct EvaluationSet {
  std::string name;  ///< test, train, val
  std::shared_ptr<const data::Dataset> dataset;
  metrics::EvaluationOptions options;
};

/// What is trained; the trainer moves network and criterion to its device.
struct Parts {
  std::shared_ptr<models::Network> network;
  std::shared_ptr<criteria::Criterion> criterion;
  std::unique_ptr<miners::Miner> miner;  ///< null for criteria without one
  std::unique_ptr<samplers::BatchSampler> sampler;
  std::shared_ptr<const data::Dataset> train;
  std::vector<EvaluationSet> sets;  ///< in the order they are evaluated
};

struct TrainOptions {
  torch::Device device = torch::kCPU;
  Seeds seeds{0};
  std::int64_t epochs = 0;
  std::int64_t warmup = 0;          ///< First epochs in which only head and criterion train.
  double lr = 1e-5;
  double fc_lr = -1.0;              ///< Of the head; negative: lr.
  double weight_decay = 4e-4;       ///< Of the network.
  std::vector<std::int64_t> tau;
  double gamma = 0.3;
  std::int64_t evaluate_every = 1;  ///< Epochs; the last is always evaluated.
  bool evaluate_before_training = false;
  std::int64_t evaluation_batch_size = 112;
  std::int64_t checkpoint_every = 1;  ///< Epochs; there is always one after the last.
  data::LoaderOptions training_loader, evaluation_loader;
};

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

/// Trains and evaluates one network (training.md 4.6): per epoch all batches, then loss and seconds, then the
/// metrics of every set when they are due, then a checkpoint. The result is a function of the parts' initial
/// values and the seeds: on a CPU bit for bit, wherever it was stopped or killed and resumed in between.
class Trainer {
 public:
  Trainer(Parts parts, TrainOptions options, CheckpointStore checkpoints, Channel channel, const Clock& clock);

  /// Goes on from a checkpoint of this trial. Before run().
  Status resume(const Snapshot& snapshot);
  /// Reports the history it resumed from, then the rest of the run. Stops with a checkpoint at the end of a
  /// step, or between two batches of an evaluation, once stop_requested() is true.
  Result<Ending> run();
  /// Every figure reported so far.
  const std::vector<job::Metric>& history() const { return state_.history; }

 private:
  enum class Flow { kGoOn, kStop, kNotFinite };

  Result<Flow> run_epochs();
  Result<Flow> train_epoch();
  void train_step(const data::Batch& batch, LossMeter& losses);
  /// Brings state_ up to date with the device; false when a loss was not finite, with its step in state_.
  bool look_at(const LossMeter& losses);
  Result<Flow> evaluate_if_due();
  Result<Flow> evaluate_set(const EvaluationSet& set, std::vector<job::Metric>& figures);
  bool evaluation_due(std::int64_t epoch) const;
  std::int64_t evaluations_left() const;
  Status save_checkpoint();
  Status record_epoch();
  Status tell_progress(const char* phase);
  Status emit(const job::EventBody& body) { return channel_.emit(body); }

  Parts parts_;
  TrainOptions options_;
  CheckpointStore checkpoints_;
  Channel channel_;
  const Clock& clock_;
  Adam optimizer_;
  at::Generator miner_generator_, criterion_generator_;
  Pace pace_;
  RunState state_;
  std::int64_t steps_per_epoch_;
  double newest_loss_;
  std::chrono::steady_clock::time_point looked_;  ///< When state_ was last brought up to date.
};

}  // namespace oodml::train
