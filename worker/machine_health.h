#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "core/base/ids.h"
#include "worker/backoff.h"
#include "worker/event_spool.h"
#include "worker/exit_classifier.h"

namespace oodml::worker {

/// Whether this machine can be trusted with trials, judged by how they end in all slots. After faults of the machine in
/// three different trials in a row it is set aside: no slot asks for trials, until a rest is over. Then one slot asks
/// for one, which shows whether the machine is whole again; if not, the next rest is longer. Safe from any thread.
class MachineHealth {
 public:
  static constexpr std::size_t kTrialsToSetAside = 3;
  static constexpr Duration kFirstRest = std::chrono::minutes(1);
  static constexpr Duration kLongestRest = std::chrono::minutes(30);

  explicit MachineHealth(const Clock& clock);

  /// Why no trial is taken, for people; empty: they are.
  std::string set_aside() const;

  /// What a slot that wants to ask for a trial is told.
  enum class Leave { kNo, kYes, kProbe };
  /// kProbe is given to one slot at a time, which then has to call no_trial, note_end or still_broken.
  Leave ask_leave();
  /// Whether ask_leave would not say kNo.
  bool has_leave() const;
  /// The probing slot got no trial.
  void no_trial();
  /// The probing slot found a fault before it asked for a trial.
  void still_broken(const std::string& why);

  /// How a trial ended here. A success, or a trial that failed by its own numbers, shows that the machine is whole.
  void note_end(TrialId trial, const Verdict& verdict);
  /// A trial came as far as a checkpoint: its data were read, and the disk took what it wrote.
  void note_checkpoint();

  /// Ends the rest, and those of the slots: a person says that the machine was mended.
  void wake();
  /// How often that was said.
  int wakes() const;

 private:
  bool has_leave_locked() const;
  void rest_locked(const std::string& why);
  void recover_locked();

  const Clock& clock_;
  mutable std::mutex mutex_;  // guards all below
  std::set<TrialId> failed_;  // since the last sign of a whole machine
  std::string reason_;        // empty: not set aside
  SteadyTime rest_until_{};
  bool probing_ = false;
  Backoff rest_;
  int wakes_ = 0;
};

}  // namespace oodml::worker
