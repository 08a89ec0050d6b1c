#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "worker/process_launcher.h"
#include "worker/run_keeper.h"
#include "worker/session.h"
#include "worker/slot_runner.h"

namespace oodml::worker {

struct LoopOptions {
  SlotOptions slot;
  Duration tick = std::chrono::milliseconds(100);  ///< How often waits look at the clock, in real time.
  Duration outage = std::chrono::hours(1);         ///< How long trials go on without the coordinator.
  Duration delivery = std::chrono::seconds(30);    ///< For what is unsent when the worker leaves.
  Duration rescan = std::chrono::minutes(1);
  std::optional<Duration> exit_when_idle;  ///< Leave when there was no trial for so long.
  /// How long before WorkerInfo.ends_at the worker leaves, and its trials stop with a checkpoint. For as long before
  /// that it takes no new trial, which could hardly have begun.
  Duration time_reserve = std::chrono::minutes(2);
  /// Of attempts that ran when an earlier life was killed.
  job::Outcome left_behind = job::Outcome::kInfrastructure;
  Duration give_up = std::chrono::hours(24);                ///< Leave when the coordinator did not answer for so long.
  std::function<std::vector<job::BenchmarkOnDisk>()> scan;  ///< What is on disk now; may be empty.
  std::function<std::vector<std::string>()> scan_weights;   ///< Likewise, initial weights.
  std::function<void()> registered;                         ///< The coordinator has taken this worker; may be empty.
  /// Makes what clears up and measures the run folders; may be empty.
  std::function<std::unique_ptr<RunKeeper>(RunsInUse)> run_keeper;
  std::filesystem::path artifact_root;    ///< The coordinator's, where this machine sees it too; may be empty.
  std::function<job::DataStamps()> data;  ///< What of it has been hashed; may be empty, answers at once.
};

/// The worker without its wire and its processes: slots that run trials, a heartbeat, a courier.
class LeaseLoop {
 public:
  LeaseLoop(LoopOptions options, job::WorkerInfo info, CoordinatorClient& client, ProcessLauncher& launcher,
            const Clock& clock);

  /// Delivers what an earlier life left, then takes trials until it is told to leave; returns when every child is gone
  /// and everything is delivered or the time for that is over (the rest stays in the spool folder). Fails when the
  /// coordinator refuses this worker, or when it gave up.
  Status run();
  /// Whether run() ended because the coordinator did not answer for too long.
  bool gave_up() const { return gave_up_; }

  /// No new trials; running ones write a checkpoint and stop. From any thread.
  void drain();
  /// Running trials are killed, and nothing is waited for. From any thread.
  void kill_now();
  /// A person mended the machine: it is looked at now, and rests are over. From any thread.
  void look_again();

 private:
  void recover_spools();
  Status announce_first();
  bool cut_off_too_long();
  Status given_up();
  void keep_house();
  void look_at_disk();
  std::string why_no_trial();
  Status time_left() const;
  void leave(StopReason reason, const std::string& why);
  void wait_for_delivery();
  void say_draining();
  void say_goodbye();

  const std::optional<SteadyTime> leave_at_;  ///< For the time limit.
  const LoopOptions options_;
  Session session_;
  const job::WorkerInfo info_;
  ProcessLauncher& launcher_;
  std::unique_ptr<RunKeeper> run_keeper_;
  std::atomic<bool> killed_{false};
  bool gave_up_ = false;   // the thread of run() alone
  std::string not_ready_;  ///< As first said of a trouble that lasts; the main thread's.
};

}  // namespace oodml::worker
