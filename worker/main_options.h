#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/daemon/logging.h"
#include "worker/device_slots.h"
#include "worker/grpc_coordinator_client.h"
#include "worker/programs/local_programs.h"
#include "worker/trial_options.h"

namespace oodml::worker {

/// The command line of oodml-worker; every long option can also stand in the TOML file given with --config.
struct WorkerOptions {
  std::string name;              ///< Default: the host's name.
  LocalPrograms programs;        ///< Of people's own.
  std::filesystem::path python;  ///< Folder of oodml_trial.py; empty where it was not installed.
  std::filesystem::path core;    ///< Default: oodml-core beside this program.
  std::filesystem::path benchmarks_root;
  std::filesystem::path weights_root;  ///< Empty: there are no weights.
  bool allow_scripts = false;          ///< Trials may run code that travels with their sweep.
  std::filesystem::path scripts_root;  ///< And such that lies here; empty: none does.
  double scripts_cache_gib = 16;       ///< How much of what travelled is kept that no trial uses now.
  std::filesystem::path state_dir;
  Connection connection;
  std::vector<std::string> warnings;  ///< For the log, once there is one.
  SlotWishes slots;
  std::string devices;            ///< Of the GPUs that this process was given; empty: all.
  std::int64_t others_mib = 512;  ///< Memory of a GPU that others may hold before it is left to them.
  bool share_devices = false;     ///< GPUs that others use are used as well.
  bool retry_devices = false;     ///< Those that an earlier life set aside are used again.
  std::int64_t stall_seconds = 1800;
  std::int64_t grace_seconds = 60;
  std::int64_t outage_seconds = 3600;
  std::int64_t delivery_seconds = 30;
  std::int64_t upload_seconds = 45;
  std::filesystem::path artifact_root;  ///< The coordinator's, where this machine sees it too; empty: it does not.
  std::optional<Duration> keep_runs = std::chrono::days(7);  ///< nullopt: for ever.
  std::optional<double> exit_when_idle_seconds;
  std::optional<Time> ends_at;  ///< The earlier of --time-limit and SLURM_JOB_END_TIME.
  Duration time_reserve = std::chrono::minutes(2);
  double give_up_after_seconds = 24 * 3600;
  std::int64_t min_free_mib = 256;
  WarmTrials warm = WarmTrials::kAuto;
  bool resume_at_once = false;
  std::int64_t parent = 0;  ///< The process to end with; 0: none.
  daemon::LogOptions log;
};

/// Reads the command line, the configuration file, OODML_WEIGHTS_ROOT, how to reach the coordinator
/// (core/connection/client_settings.h), and the files they name. Trials do not see the token's variables. The exit code
/// when the program is to end at once (help, version, a usage error), after saying why.
std::expected<WorkerOptions, int> read_worker_options(int argc, char** argv);

/// What this machine is called; "worker" where it does not say.
std::string host_name();

}  // namespace oodml::worker
