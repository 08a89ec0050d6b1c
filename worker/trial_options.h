#pragma once

#include <chrono>
#include <filesystem>
#include <functional>

#include "core/base/clock.h"
#include "core/job/identity.h"
#include "worker/programs/local_programs.h"

namespace oodml::worker {

/// Which trials of the core are copies of a template (worker/warm_launcher.h); kAuto: those of CPU slots.
enum class WarmTrials { kAuto, kOn, kOff };

/// How trials are started and watched on this machine.
struct TrialOptions {
  std::filesystem::path core;  ///< oodml-core
  std::filesystem::path benchmarks_root;
  std::filesystem::path weights_root;             ///< May be empty.
  std::filesystem::path scripts_root;             ///< Of code that lies here and trials may run; empty: they may not.
  std::filesystem::path runs;                     ///< Run directories.
  Duration stall = std::chrono::seconds(1800);    ///< Silence after which a trial counts as hung.
  Duration grace = std::chrono::seconds(60);      ///< From SIGTERM to SIGKILL.
  Duration disk_retry = std::chrono::seconds(5);  ///< Between tries to write to a full disk.
  LocalPrograms programs;                         ///< Of people's own.
  std::filesystem::path python;                   ///< Folder of oodml_trial.py; empty: there is none.
  WarmTrials warm = WarmTrials::kAuto;
  std::function<job::DataStamps()> data;  ///< What of the data has been hashed; may be empty.
};

}  // namespace oodml::worker
