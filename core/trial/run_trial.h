#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/job/identity.h"
#include "core/trial/ending.h"
#include "core/trial/places.h"

namespace oodml::trial {

/// What `oodml-core run` is asked to do.
struct RunOptions {
  std::filesystem::path trial_file;
  std::filesystem::path run_dir;
  Places places;
  std::string device;                              ///< As trial_devices() takes it.
  std::int64_t threads = 1;                        ///< For loading images, where the trial does not say.
  std::vector<std::filesystem::path> resume_from;  ///< Run directories of earlier attempts, newest first.
  bool has_event_descriptor = false;
  std::int64_t replica = 0;       ///< Which of the trial's replicas this process is; the first one starts the others.
  std::filesystem::path meeting;  ///< Where they meet; for all but the first.
  job::Identity identity;         ///< What its numbers depend on; the first one finds out and tells the others.
};

/// Runs one trial to its end and reports it as events. Whatever goes wrong becomes a `failed` event and an exit
/// code here, and nowhere else.
int run_trial(const RunOptions& options);

/// What run_trial starts for replicas 1, 2, ...: trains in step with the first one, and says nothing but why it failed.
int run_replica(const RunOptions& options);

}  // namespace oodml::trial
