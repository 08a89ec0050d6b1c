#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "worker/attempt.h"
#include "worker/bell.h"
#include "worker/line_splitter.h"
#include "worker/process_launcher.h"
#include "worker/progress_gate.h"
#include "worker/run_directory.h"
#include "worker/trial_options.h"

namespace oodml::worker {

/// The command line of one attempt that the core runs, with code of people's own from `scripts_root`; empty: none.
std::vector<std::string> trial_command(const TrialOptions& options, const RunDirectory& directory,
                                       const job::Slot& slot, const std::filesystem::path& scripts_root);

/// A trial's child: its lines become events in the attempt's spool until it ends, by itself or because the attempt
/// was asked to stop. Lives on one thread.
class TrialProcess {
 public:
  /// Starts the core, or the program that the trial names. kInvalidArgument when that one does not take the trial.
  static Result<TrialProcess> start(const TrialOptions& options, const job::LeasedTrial& leased, const job::Slot& slot,
                                    const RunDirectory& directory, Attempt& attempt, ProcessLauncher& launcher,
                                    const Clock& clock, Bell& bell);

  /// Until the child and its group are gone. `each_look` is called every second meanwhile; may be empty.
  Verdict supervise(std::function<void()> each_look = {});

 private:
  TrialProcess(const TrialOptions& options, job::Slot slot, RunDirectory directory, Attempt& attempt,
               const Clock& clock, Bell& bell, bool of_program)
      : options_(options),
        slot_(std::move(slot)),
        directory_(std::move(directory)),
        attempt_(attempt),
        clock_(clock),
        bell_(bell),
        of_program_(of_program) {}

  void introduce(const job::TrialSpec& spec, const std::string& device);

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
  void look_at_log();
  bool may_read() const;
  Ending ending() const;

  void note_checkpoint();

  const TrialOptions& options_;
  job::Slot slot_;
  RunDirectory directory_;
  Attempt& attempt_;
  const Clock& clock_;
  Bell& bell_;
  bool of_program_;  ///< Of people's own: what it prints is a sign of life, and it need not introduce itself.
  std::unique_ptr<Process> process_;

  LineSplitter splitter_;
  ProgressGate gate_;
  std::deque<job::Event> waiting_;  // read, but not yet on disk; only time and body are set
  std::int64_t malformed_lines_ = 0;
  bool said_hello_ = false;
  std::optional<job::EventBody> last_word_;
  SteadyTime last_sign_;  // of life
  SteadyTime next_look_;
  std::function<void()> each_look_;
  bool is_durable_ = false;  ///< The run folder.
  std::uintmax_t log_size_ = 0;
  std::optional<SteadyTime> disk_full_since_;
  SteadyTime next_disk_try_;
  StopReason carried_out_ = StopReason::kNone;
  std::optional<SteadyTime> kill_at_;  // end of the grace
  bool killed_ = false;
};

}  // namespace oodml::worker
