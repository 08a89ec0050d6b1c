#include "core/trial/train_trial.h"

#include <c10/core/DeviceGuard.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

#include "core/base/atomic_file.h"
#include "core/base/this_machine.h"
#include "core/collective/process_group.h"
#include "core/sweep/sweep.h"
#include "core/trial/make_parts.h"
#include "core/trial/progression_file.h"
#include "core/trial/trial_scripts.h"

namespace oodml::trial {
namespace {

constexpr std::uint64_t kMaxTrialFileBytes = 1 << 20;
/// The others wait while the first one measures and saves; they end when it does. As milliseconds it fits into an int.
constexpr auto kPatienceOfOthers = std::chrono::hours(24 * 20);

Result<std::shared_ptr<collective::Collective>> meet(const RunOptions& options, const TrialSettings& settings) {
  collective::Membership membership{
      .rank = options.replica, .size = settings.replicas, .meeting_file = options.meeting};
  if (options.replica > 0) membership.patience = kPatienceOfOthers;
  auto group = collective::join(membership, settings.train.device);
  if (!group && group.error().code() == StatusCode::kUnavailable) throw collective::PeerLost(group.error().message());
  if (!group) return failure(of_this_machine(group.error()));  // built without NCCL, or Gloo
  return group;
}

using Emit = std::function<Status(const job::EventBody&)>;

/// Writes the policy's progression at the end of each epoch and beside each checkpoint.
Emit with_progression(Emit emit, ProgressionFile& file, const train::SamplingPolicy& policy) {
  return [emit = std::move(emit), &file, &policy](const job::EventBody& body) -> Status {
    const auto* metric = std::get_if<job::Metric>(&body);
    const bool ends_epoch = metric != nullptr && metric->set == train::kPolicySet;
    if (ends_epoch || std::holds_alternative<job::Checkpoint>(body)) {
      OODML_RETURN_IF_ERROR(file.write(policy.progression()));
    }
    return emit(body);
  };
}

}  // namespace

Result<job::TrialSpec> read_trial(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(const std::string text, read_file(path, kMaxTrialFileBytes));
  return sweep::parse_core_trial_file(text, path.string());
}

Result<TrialSettings> settings_on(const job::TrialSpec& spec, const RunOptions& options, const torch::Device& device) {
  const std::int64_t threads = std::max<std::int64_t>(1, options.threads / spec.values.integer("replicas"));
  OODML_ASSIGN_OR_RETURN(TrialSettings settings, settings_of(spec, threads));
  settings.train.device = device;
  settings.train.training_loader.pin_memory = settings.train.evaluation_loader.pin_memory = device.is_cuda();
  return settings;
}

Result<FoundCheckpoint> find_checkpoint(const RunOptions& options, const std::string& fingerprint, const Warn& warn) {
  OODML_ASSIGN_OR_RETURN(auto own, train::read_newest_checkpoint(options.run_dir, fingerprint, warn, options.identity));
  if (own) return FoundCheckpoint{std::move(own), options.run_dir, false};
  for (const std::filesystem::path& run_dir : options.resume_from) {
    auto earlier = train::read_newest_checkpoint(run_dir, fingerprint, warn, options.identity);
    if (!earlier) {
      warn("not resumed from an earlier attempt: " + earlier.error().message());
    } else if (*earlier) {
      return FoundCheckpoint{std::move(*earlier), run_dir, true};
    }
  }
  return FoundCheckpoint{};
}

Result<Trained> train_trial(const RunOptions& options, const job::TrialSpec& spec, TrialSettings settings,
                            const std::optional<train::Snapshot>& snapshot, train::Channel channel, const Warn& warn,
                            const Clock& clock) {
  const c10::DeviceGuard guard(settings.train.device);  // nothing of a replica lies on the first one's GPU
  OODML_ASSIGN_OR_RETURN(train::Parts parts, make_parts(settings, options.places, warn));
  use_input_statistics(*parts.network, settings.train);
  OODML_ASSIGN_OR_RETURN(settings.train.replicas, meet(options, settings));
  train::CheckpointStore checkpoints(options.run_dir, sweep::fingerprint(spec), settings.keep_checkpoints,
                                     options.identity);
  ProgressionFile progression(options.run_dir);
  const train::SamplingPolicy* policy = parts.policy.get();  // which the trainer then owns
  if (policy != nullptr && options.replica == 0) channel.emit = with_progression(channel.emit, progression, *policy);
  train::Trainer trainer(std::move(parts), settings.train, std::move(checkpoints), std::move(channel), clock);
  if (snapshot) OODML_RETURN_IF_ERROR(of_this_machine(trainer.resume(*snapshot)));
  OODML_ASSIGN_OR_RETURN(const train::Ending ending, trainer.run());
  return Trained{ending, trainer.history(), trainer.vectors(),
                 policy == nullptr ? train::SamplingProgression() : policy->progression()};
}

std::vector<std::vector<std::string>> replica_arguments(const RunOptions& options, std::int64_t replicas) {
  std::vector<std::vector<std::string>> all;
  for (std::int64_t number = 1; number < replicas; ++number) {
    all.push_back({"oodml-core", "run", options.trial_file, "--run-dir", options.run_dir, "--benchmarks-root",
                   options.places.benchmarks_root, "--weights-root", options.places.weights_root, "--threads",
                   std::to_string(options.threads), "--replica", std::to_string(number), "--meeting", options.meeting});
    if (!options.identity.data.empty()) all.back().insert(all.back().end(), {"--data", options.identity.data});
    all.back().insert(all.back().end(), {"--scripts-root", options.places.scripts.root});
    if (options.places.scripts.allowed) all.back().push_back("--allow-scripts");
    if (!options.device.empty()) all.back().insert(all.back().end(), {"--device", options.device});
    for (const auto& earlier : options.resume_from) all.back().insert(all.back().end(), {"--resume-from", earlier});
  }
  return all;
}

}  // namespace oodml::trial
