// What the trainer does for a sampling policy.
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "core/train/sampling_policy.h"
#include "core/train/trainer.h"

namespace oodml::train {
namespace {

std::vector<torch::Tensor> copies_of(const std::vector<torch::Tensor>& tensors) {
  std::vector<torch::Tensor> copies;
  for (const torch::Tensor& tensor : tensors) copies.push_back(tensor.clone());
  return copies;
}

/// Nothing where nothing was copied.
void put_back(const std::vector<torch::Tensor>& copies, const std::vector<torch::Tensor>& tensors) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < copies.size(); ++i) tensors[i].copy_(copies[i]);
}

}  // namespace

PolicyTools Trainer::policy_tools() {
  constexpr const char* kPhase = "validating";
  const auto embed_rows = [this](const std::shared_ptr<const data::Dataset>& dataset,
                                 bool training_mode) -> Result<std::optional<torch::Tensor>> {
    if (training_mode && before_policy_.empty()) before_policy_ = copies_of(parts_.network->buffers());
    OODML_ASSIGN_OR_RETURN(const auto set, embed_set(dataset, kPhase, training_mode));
    return set ? std::optional(set->embeddings) : std::nullopt;
  };
  return {embed_rows, [this] { return goes_on(kPhase); }, options_.replicas, options_.device};
}

Status Trainer::begin_policy_epoch(std::int64_t epoch) {
  return parts_.policy ? parts_.policy->begin_epoch(epoch, parts_) : Status();
}

Result<Trainer::Flow> Trainer::follow_policy(std::int64_t step) {
  if (!parts_.policy) return Flow::kGoOn;
  const auto answer = parts_.policy->follow(state_.epoch, state_.epoch * steps_per_epoch_ + step, policy_tools());
  parts_.network->train();  // it may have been used for embeddings
  if (answer && *answer == SamplingPolicy::Answer::kStop) put_back(before_policy_, parts_.network->buffers());
  before_policy_.clear();
  OODML_RETURN_IF_ERROR(told_);
  if (!answer) return failure(answer.error());
  switch (*answer) {
    case SamplingPolicy::Answer::kStop:
      return Flow::kStop;
    case SamplingPolicy::Answer::kNotFinite:
      return Flow::kNotFinite;
    case SamplingPolicy::Answer::kGoOn:
      break;
  }
  return Flow::kGoOn;
}

Status Trainer::record_policy(std::int64_t finished) {
  if (!parts_.policy) return {};
  for (auto& [name, value] : parts_.policy->finish_epoch()) {
    state_.history.push_back({finished, kPolicySet, "embeds", std::move(name), value});
    OODML_RETURN_IF_ERROR(emit(state_.history.back()));
  }
  return {};
}

}  // namespace oodml::train
