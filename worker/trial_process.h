#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "worker/attempt.h"
#include "worker/bell.h"
#include "worker/line_splitter.h"
#include "worker/process_launcher.h"
#include "worker/progress_gate.h"
#include "worker/run_directory.h"

namespace oodml::worker {

/// How trials are started and watched on this machine.
struct TrialOptions {
  std::filesystem::path core;  ///< oodml-core
  std::filesystem::path benchmarks_root;
  std::filesystem::path weights_root;             ///< May be empty.
  std::filesystem::path runs;                     ///< Run directories.
  Duration stall = std::chrono::seconds(1800);    ///< Silence after which a trial counts as hung.
  Duration grace = std::chrono::seconds(60);      ///< From SIGTERM to SIGKILL.
  Duration disk_retry = std::chrono::seconds(5);  ///< Between tries to write to a full disk.
};

/// The command line of one attempt.
std::vector<std::string> trial_command(const TrialOptions& options, const RunDirectory& directory,
                                       const job::Slot& slot);

/// A trial's child: its lines become events in the attempt's spool until it ends, by itself or because the attempt
/// was asked to stop. Lives on one thread.
class TrialProcess {
 public:
  static Result<TrialProcess> start(const TrialOptions& options, const job::Slot& slot, const RunDirectory& directory,
                                    Attempt& attempt, ProcessLauncher& launcher, const Clock& clock, Bell& bell);

  /// Until the child and its group are gone.
  Verdict supervise();

 private:
  TrialProcess(const TrialOptions& options, RunDirectory directory, Attempt& attempt, const Clock& clock, Bell& bell)
      : options_(options), directory_(std::move(directory)), attempt_(attempt), clock_(clock), bell_(bell) {}

  void take_bytes(const std::string& bytes);
  void take_line(const std::string& line);
  void take_event(job::EventBody body);
  void let_progress_through();
  bool write_waiting();
  void wait_for_disk();
  void sync_spool();
  void note_disk(const Status& status);
  void carry_out_stop();
  void look_for_trouble();
  bool may_read() const;
  Ending ending() const;

  const TrialOptions& options_;
  RunDirectory directory_;
  Attempt& attempt_;
  const Clock& clock_;
  Bell& bell_;
  std::unique_ptr<Process> process_;

  LineSplitter splitter_;
  ProgressGate gate_;
  std::deque<job::Event> waiting_;  // read, but not yet on disk; only time and body are set
  std::int64_t malformed_lines_ = 0;
  bool said_hello_ = false;
  std::optional<job::EventBody> last_word_;
  SteadyTime last_sign_;  // of life
  SteadyTime next_log_look_;
  std::optional<SteadyTime> disk_full_since_;
  SteadyTime next_disk_try_;
  StopReason carried_out_ = StopReason::kNone;
  std::optional<SteadyTime> kill_at_;  // end of the grace
  bool killed_ = false;
};

}  // namespace oodml::worker
