#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/job/lease.h"
#include "worker/devices/gpu.h"
#include "worker/exit_classifier.h"

namespace oodml::worker {

struct GpuTerms {
  std::filesystem::path file;     ///< Remembers what is set aside when the worker starts again; empty: nothing does.
  std::int64_t others_mib = 512;  ///< Memory that processes of others may hold before a GPU is left to them.
  bool share = false;             ///< GPUs that others use are used as well, as far as their memory reaches.
  bool retry = false;             ///< What an earlier life set aside is used again.
  std::function<bool(pid_t)> ours = [](pid_t) { return false; };  ///< Whether a trial of this worker started it.
  /// Whether the GPUs with these UUIDs work. Takes seconds.
  std::function<Status(const std::vector<std::string>&)> probe = [](const auto&) { return Status(); };
};

/// Which of a worker's GPUs can be given a trial now: not those that others use, which come back by themselves, and not
/// those that are broken, until a person says so (retry) or the worker starts with --retry-devices. Safe from any
/// thread.
class GpuHealth {
 public:
  /// A core's trials that fail so one after the other on one GPU, each with a process of its own, are its fault.
  static constexpr std::size_t kTrialsInDoubt = 2;

  /// For the GPUs of these slots (Slot::gpus).
  GpuHealth(std::unique_ptr<GpuMonitor> monitor, const Clock& clock, GpuTerms terms,
            const std::vector<job::Slot>& slots);

  /// Asks the driver how the GPUs are.
  void look();
  /// The driver has not answered for too long: no GPU is given a trial until it does.
  void note_silence(Duration silent);

  /// Why the slot is given no trial, for people: "GPU-8f4c... is used by others since 2026-11-30T06:10:00Z: process
  /// 4711". It stays the same text as long as the reason does. Empty: it is given one.
  std::string set_aside(const job::Slot& slot) const;
  /// The slots as they are now: with the reason, and of their memory what others leave.
  std::vector<job::Slot> now(std::vector<job::Slot> slots) const;

  /// The slot runs a trial: what uses its GPUs is its own.
  void begin(const job::Slot& slot);
  /// Its end, judged after a look. Where it shows that a GPU is broken, that is set aside and the trial counts as
  /// stopped, not as failed; else the verdict stays. May take as long as a probe. `of_program`: of people's own, whose
  /// errors alone condemn no GPU.
  Verdict end(const job::Slot& slot, TrialId trial, const Verdict& verdict, bool of_program);

  /// A person says that they are whole: all that were set aside as broken are used again.
  void retry();

 private:
  struct Known {
    std::optional<Gpu> last;
    bool running = false;
    std::string broken;                  ///< Why, and since when; empty: it is not.
    std::optional<std::int64_t> errors;  ///< That are not held against it.
    bool repair_pending = false;         ///< Which is not held against it.
    std::set<pid_t> others;              ///< That use it.
    std::int64_t others_mib = 0;
    std::string used_by_others;  ///< And since when; empty: it is free.
    std::set<TrialId> in_doubt;  ///< Trials in a row that ended by an error of CUDA.
  };

  void load();
  void save_locked() const;
  void take_locked(const std::string& uuid, Known& known, const Gpu* now);
  void note_use_locked(const std::string& uuid, Known& known);
  void condemn_locked(const std::string& uuid, Known& known, const std::string& why);
  std::string broken_of_locked(const job::Slot& slot) const;
  std::vector<std::string> condemned_by(const job::Slot& slot, TrialId trial, const std::string& message,
                                        bool of_program);

  const std::unique_ptr<GpuMonitor> monitor_;
  const Clock& clock_;
  const GpuTerms terms_;
  mutable std::mutex mutex_;  // guards all below
  std::map<std::string, Known> known_;
  std::string silent_;   // why nothing is known now; empty: something is
  std::string problem_;  // of the driver, as said last
};

}  // namespace oodml::worker
