#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/collective/collective.h"
#include "core/data/dataset.h"
#include "core/models/tensor_file.h"
#include "core/train/sampling_progression.h"

namespace oodml::train {

struct Parts;

/// What the trainer lends a policy.
struct PolicyTools {
  /// Embeddings [N, D] of a set with the evaluation transform, by the network in training or in evaluation mode.
  /// nullopt when the run is to stop.
  std::function<Result<std::optional<torch::Tensor>>(const std::shared_ptr<const data::Dataset>& dataset,
                                                     bool training_mode)>
      embed;
  std::function<bool()> goes_on;  ///< False when the run is to stop.
  std::shared_ptr<collective::Collective> replicas;
  torch::Device device = torch::kCPU;  ///< Of the replicas' tensors.
};

/// Changes what is sampled while the network trains, by what it measures in between. All replicas run the same one in
/// step. What it does is a function of its state, the seeds and the network, so that a resumed run goes on with the
/// same bits.
class SamplingPolicy {
 public:
  enum class Answer { kGoOn, kStop, kNotFinite };
  virtual ~SamplingPolicy() = default;

  /// Puts the sets and the batches of this epoch into the parts, where they change with epochs. Before each epoch, and
  /// when a run is resumed in one.
  virtual Status begin_epoch(std::int64_t epoch, Parts& parts) = 0;
  /// Told how many steps of the whole run are finished; `epoch` is the running one. After each step, and when a run is
  /// resumed: does what is due and not done yet. After kStop the same call finds the same to do.
  virtual Result<Answer> follow(std::int64_t epoch, std::int64_t steps, const PolicyTools& tools) = 0;
  /// Figures of the epoch by name, for the set `policy`; starts over.
  virtual std::vector<std::pair<std::string, double>> finish_epoch() = 0;

  virtual const SamplingProgression& progression() const = 0;
  virtual models::NamedTensors tensors() const = 0;
  /// kInvalidArgument for anything that tensors() of an equal policy does not give.
  virtual Status restore(const models::NamedTensors& tensors) = 0;
};

/// The set that the figures of a policy stand under.
inline constexpr const char* kPolicySet = "policy";

}  // namespace oodml::train
