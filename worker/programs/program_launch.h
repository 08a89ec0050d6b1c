#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/job/identity.h"
#include "core/job/lease.h"
#include "worker/process_launcher.h"
#include "worker/run_directory.h"
#include "worker/trial_options.h"

namespace oodml::worker {

/// How a trial's program is started: without arguments, in the attempt's folder, which gets trial.json beside
/// trial.yaml; the same stands in the environment (docs/programs.md). The file is the worker's, nothing of the command
/// comes from the trial. kInvalidArgument when the parameters are not those declared, kNotFound without such a program.
Result<LaunchSpec> program_launch(const TrialOptions& options, const job::LeasedTrial& leased, const job::Slot& slot,
                                  const RunDirectory& directory);

/// What the trial's numbers depend on beside its specification: the program's file as it is now, and of the data what
/// has been hashed.
job::Identity program_identity(const TrialOptions& options, const job::TrialSpec& spec);

/// A program's checkpoint does not say what it was made of: where the run's earlier attempts found another file of the
/// program, or other data, than there are now, the trial is left nothing to go on from. What changed, for people; "":
/// nothing.
std::string leave_out_changed(const TrialOptions& options, job::LeasedTrial& leased);

/// The newest checkpoint that this attempt or an earlier one of it on this disk left whole; nullopt: none.
std::optional<std::filesystem::path> whole_checkpoint(const RunDirectory& directory);

/// NVIDIA's own numbers of a slot's devices (cuda:0,cuda:2), where CUDA_VISIBLE_DEVICES of the worker is `visible`.
std::string visible_devices(const std::string& devices, const std::string& visible);

}  // namespace oodml::worker
