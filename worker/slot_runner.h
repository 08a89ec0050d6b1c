#pragma once

#include <filesystem>
#include <functional>

#include "worker/backoff.h"
#include "worker/devices/gpu_watch.h"
#include "worker/script_cache.h"
#include "worker/session.h"
#include "worker/trial_process.h"

namespace oodml::worker {

struct SlotOptions {
  TrialOptions trial;
  ScriptCache* scripts = nullptr;            ///< For code that travels with trials; null: they may not run it.
  std::filesystem::path spool;               ///< Folder of event spools.
  Duration poll = std::chrono::seconds(60);  ///< Of one Acquire.
  /// How long the report of an attempt that another one is to follow waits for its checkpoint to be uploaded.
  Duration upload = std::chrono::seconds(45);
  std::function<Status()> ready = [] { return Status(); };  ///< Whether this machine can take a trial now (disk space).
  /// Whether the slot's devices are still there: asked of a machine that was set aside, before it tries a trial.
  std::function<Status(const job::Slot&)> look = [](const job::Slot&) { return Status(); };
  std::shared_ptr<GpuWatch> gpus;  ///< Of the slots; nullptr: how they are is not known.
};

/// One slot: asks for a trial, runs it, tells its outcome and asks for the next in one call. Where that does not
/// succeed at once it waits until the courier has delivered it, and asks again. One thread.
class SlotRunner {
 public:
  SlotRunner(job::Slot slot, const SlotOptions& options, Session& session, ProcessLauncher& launcher);

  /// Until the session drains.
  void run();

 private:
  std::optional<job::LeasedTrial> take_trial();
  MachineHealth::Leave wait_for_leave();
  void note_ready(const Status& ready);
  std::string gpu_trouble() const;
  std::string gpu_trouble(const job::TrialSpec& spec) const;
  std::optional<job::LeasedTrial> acquire();
  std::unique_ptr<EventSpool> make_spool(const job::LeasedTrial& leased, Verdict& verdict);
  std::optional<job::LeasedTrial> run_trial(const job::LeasedTrial& leased);
  std::optional<job::LeasedTrial> end_trial(Attempt& attempt, const Verdict& verdict);
  std::optional<EndReport> report_of(Attempt& attempt);
  std::optional<job::LeasedTrial> tell_end(Attempt& attempt, const EndReport& end, const Verdict& verdict);
  bool wants_next(const Verdict& verdict) const;
  void wait_for_delivery(Attempt& attempt);
  Verdict train_on_gpus(const job::LeasedTrial& leased, const std::shared_ptr<Attempt>& attempt);
  Verdict train(job::LeasedTrial leased, const std::shared_ptr<Attempt>& attempt);
  void begin_upload(const job::LeasedTrial& leased, const RunDirectory& directory,
                    const std::shared_ptr<Attempt>& attempt);
  void list_upload();
  void end_upload(Attempt& attempt, job::Outcome outcome);
  void rest_if_sick(const Verdict& verdict);
  void pause(Duration duration);

  const job::Slot slot_;
  const SlotOptions& options_;
  Session& session_;
  ProcessLauncher& launcher_;
  std::filesystem::path spool_;       ///< Stays for the next attempt.
  bool is_ready_ = true;              ///< Whether the machine was, when it was looked at last.
  std::string asked_;                 ///< The id of a question for a trial whose answer did not come.
  std::shared_ptr<Upload> unlisted_;  ///< Of the trial that runs: whoever sends files does not know of it yet.
  Backoff network_;
  Backoff sick_;  ///< After trials that this slot, not the trial, has or may have spoilt.
  int spoilt_in_a_row_ = 0;
};

}  // namespace oodml::worker
