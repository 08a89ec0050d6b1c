#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/job/trial_spec.h"
#include "core/train/trainer.h"
#include "core/trial/run_trial.h"
#include "core/trial/trial_data.h"

namespace oodml::trial {

// What the first replica of a trial does as the others do it.

Result<job::TrialSpec> read_trial(const std::filesystem::path& path);

/// The settings on one of the trial's devices.
Result<TrialSettings> settings_on(const job::TrialSpec& spec, const RunOptions& options, const torch::Device& device);

struct FoundCheckpoint {
  std::optional<train::Snapshot> snapshot;
  std::filesystem::path run_dir;     ///< Where it was found.
  bool is_earlier_attempts = false;  ///< And not in the trial's own run directory.
};

/// The newest whole checkpoint of this trial, of the data that options.identity says: in the run directory itself, else
/// of the earlier attempts.
Result<FoundCheckpoint> find_checkpoint(const RunOptions& options, const std::string& fingerprint, const Warn& warn);

struct Trained {
  train::Ending ending;
  std::vector<job::Metric> history;
  std::vector<train::VectorFigure> vectors;
  train::SamplingProgression progression;  ///< Of the sampling policy; no rows without one.
};

/// Builds the trial, meets the other replicas, and trains from the snapshot on. Throws collective::PeerLost when they
/// do not come.
Result<Trained> train_trial(const RunOptions& options, const job::TrialSpec& spec, TrialSettings settings,
                            const std::optional<train::Snapshot>& snapshot, train::Channel channel, const Warn& warn,
                            const Clock& clock);

/// The command lines of replicas 1, 2, ... of `replicas`, behind the program's name.
std::vector<std::vector<std::string>> replica_arguments(const RunOptions& options, std::int64_t replicas);

}  // namespace oodml::trial
