#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/cli/commands/commands.h"
#include "coordinator/cli/local/child_process.h"
#include "coordinator/cli/local/data_roots.h"
#include "coordinator/cli/local/state_folder.h"
#include "coordinator/cli/session.h"
#include "coordinator/cli/watch/watch_model.h"

namespace oodml::cli {

struct LocalOptions {
  SweepSource source;
  std::filesystem::path state = "oodml-state";
  std::int64_t slots = 0;  ///< Trials at once on the CPU; 0: cores / threads, or the GPUs where there are some.
  std::int64_t threads_per_slot = 0;  ///< 0: what the sweep's trials want; on GPUs all, shared out.
  std::int64_t gpus_per_slot = 1;     ///< What the sweep's trials want.
  RootOptions roots;
  std::vector<std::string> programs;  ///< Of people's own, NAME=FILE.
  bool allow_scripts = false;         ///< Trials may run code that their sweep names.
  std::string devices;                ///< Of the GPUs that are visible; empty: all.
  bool share_devices = false;         ///< GPUs that others use are used as well.
  bool retry_failed = false;
  bool web = false;  ///< Show the web page too, to who opens its link.
  SharingOptions sharing;
  ResultsOptions results;  ///< Of the table at the end; without a sweep.
};

/// Cores divided among slots of `threads` each; at least one.
std::int64_t default_slots(std::int64_t cores, std::int64_t threads);

/// The port in a coordinator's port file: a number, or an address that ends in one; nothing before it is whole.
std::optional<int> parse_port(const std::string& text);
/// That of the port file in the folder; nothing while there is none.
std::optional<int> read_port(const StatePaths& state);

/// Decides when nothing can move any more: a ready worker that runs nothing, and trials that wait, for a few seconds
/// on end where they wait with a reason.
class StuckDetector {
 public:
  static constexpr std::chrono::seconds kPatience{6};
  static constexpr std::chrono::seconds kPatienceWithoutReason{60};

  /// `waiting` are the queued trials as the coordinator lists them now. The failure names each reason once.
  Status look(const v1::SweepSummary& sweep, bool worker_idle, const v1::GetReply& waiting,
              std::chrono::steady_clock::time_point now);

 private:
  std::optional<std::chrono::steady_clock::time_point> still_since_;
};

/// Coordinator and worker of one `oodml local`, as children. Ends them when destroyed.
class LocalServices {
 public:
  /// The coordinator alone: what the worker shall not take can be settled before it comes. kCancelled once there are
  /// more interrupts than before.
  static Result<LocalServices> start(Session& session, const StatePaths& state, const LocalOptions& options,
                                     const DataRoots& roots, int interrupts_before);
  Status start_worker();

  int port() const { return port_; }
  const StatePaths& state() const { return state_; }
  std::filesystem::path worker_log() const { return state_.worker_log(); }
  /// Fails when one of them has ended by itself, with the end of its log.
  Status check();
  /// Ends the worker (its trials write checkpoints), then the coordinator. A further interrupt kills at once.
  void stop(Session& session);

 private:
  LocalServices(ChildProcess coordinator, int port, std::vector<std::string> worker_arguments, const StatePaths& state)
      : coordinator_(std::move(coordinator)),
        port_(port),
        worker_arguments_(std::move(worker_arguments)),
        state_(state) {}

  ChildProcess coordinator_;
  std::optional<ChildProcess> worker_;  ///< Destroyed, and so killed, before the coordinator.
  int port_ = 0;
  std::vector<std::string> worker_arguments_;
  StatePaths state_;
};

/// The whole of `oodml local`; the value is the exit code.
Result<int> run_local(Session& session, LocalOptions options);

}  // namespace oodml::cli
