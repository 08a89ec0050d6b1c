#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/seeds.h"
#include "core/miners/miner.h"
#include "core/pads/agent.h"
#include "core/pads/policy_options.h"
#include "core/pads/scramble.h"
#include "core/samplers/batch_sampler.h"
#include "core/train/sampling_policy.h"

namespace oodml::pads {

/// The run that a policy is part of.
struct PolicyRun {
  TrainingSplit data;
  bool validates_classes = false;  ///< The sets differ in classes; else in the images of each.
  std::int64_t epochs = 1;
  std::int64_t steps_per_epoch = 1;
  Seeds seeds{0};
  /// The batches of a training set that scrambling has changed.
  std::function<Result<std::unique_ptr<samplers::BatchSampler>>(std::shared_ptr<const data::Dataset>)> make_sampler;
};

/// Policy-adapted sampling: from epoch training_delay on, after the steps 31, 61, ... it measures the validation set
/// (sample_freq is 30), learns from what its last change of the sampling histogram did to the score, and changes it
/// again. Source: Roth et al., "PADS: Policy-Adapted Sampling for Visual Similarity Learning", CVPR 2020;
/// docs/samplers.md#pads.
class Policy final : public train::SamplingPolicy {
 public:
  Policy(PolicyOptions options, PolicyRun run);

  /// Draws triplets by the policy's histogram, whatever it is at the time.
  std::unique_ptr<miners::Miner> make_miner() const;

  Status begin_epoch(std::int64_t epoch, train::Parts& parts) override;
  Result<Answer> follow(std::int64_t epoch, std::int64_t steps, const train::PolicyTools& tools) override;
  std::vector<std::pair<std::string, double>> finish_epoch() override;
  const train::SamplingProgression& progression() const override { return progression_; }
  models::NamedTensors tensors() const override;
  Status restore(const models::NamedTensors& tensors) override;

 private:
  /// Of the epoch's updates.
  struct Sums {
    double updates = 0.0, score = 0.0;
    double learned = 0.0, reward = 0.0, policy_loss = 0.0, value_loss = 0.0, grad_l2 = 0.0, grad_max = 0.0;
  };
  struct Measured {
    Answer answer = Answer::kGoOn;
    std::vector<double> values;  ///< In the order of metric_names(), when the answer is kGoOn.
  };

  Result<Measured> measure(const std::shared_ptr<const data::Dataset>& dataset, const char* name,
                           const train::PolicyTools& tools) const;
  Result<Answer> update(std::int64_t epoch, std::int64_t steps, const train::PolicyTools& tools);
  Result<Answer> collect(const train::PolicyTools& tools);
  void record(const Insight& insight, double score, std::int64_t epoch, std::int64_t steps);
  bool collects_now() const;
  /// Gives the miner the histogram, on the device of the batches.
  void publish(const torch::Device& device);

  PolicyOptions options_;
  PolicyRun run_;
  TrainingSplit data_;      ///< Of the running epoch.
  std::int64_t round_ = 0;  ///< How often the split was scrambled.
  Agent agent_;
  std::shared_ptr<torch::Tensor> published_;  ///< [bins] double: what the miner reads.
  std::int64_t calls_ = 0;                    ///< Steps that were followed, since training_delay.
  std::vector<double> collected_;             ///< Scores since the last update.
  Sums sums_;
  train::SamplingProgression progression_;
};

}  // namespace oodml::pads
