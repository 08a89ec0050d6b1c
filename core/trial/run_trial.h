#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/trial/build_trial.h"

namespace oodml::trial {

/// What `oodml-core run` is asked to do.
struct RunOptions {
  std::filesystem::path trial_file;
  std::filesystem::path run_dir;
  Places places;
  std::string device;                              ///< As train::find_device takes it.
  std::int64_t threads = 1;                        ///< For loading images, where the trial does not say.
  std::vector<std::filesystem::path> resume_from;  ///< Run directories of earlier attempts, newest first.
  bool has_event_descriptor = false;
};

enum ExitCode { kExitDone = 0, kExitFailed = 1, kExitUsage = 2, kExitStopped = 75 };

/// Runs one trial to its end and reports it as events. Whatever goes wrong becomes a `failed` event and an exit
/// code here, and nowhere else.
int run_trial(const RunOptions& options);

}  // namespace oodml::trial
