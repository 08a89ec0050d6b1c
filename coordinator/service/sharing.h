#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/service/reply.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/job/need.h"

namespace oodml::coordinator {

/// What an owner of sweeps may have of the workers, and has.
struct ShareView {
  std::string owner;              ///< Empty: of sweeps that were submitted where nobody is asked for tokens.
  double weight = 1;              ///< 2 gets twice as much as 1, while both want it.
  std::int64_t max_parallel = 0;  ///< Trials at once; 0: no limit.
  std::int64_t running = 0;
  std::int64_t waiting = 0;  ///< Trials that are queued.
  double used = 0;           ///< Slot seconds lately, fading, by weight: who has least goes first.
};

/// A limit of the trials that carry a label.
struct LabelLimitView {
  std::string axis, label;
  std::int64_t max_parallel = 0;  ///< At once.
  std::int64_t running = 0;
};

struct SharesView {
  std::vector<ShareView> shares;       ///< Who has least goes first.
  std::vector<LabelLimitView> labels;  ///< By axis and label.
};

/// A change of one owner's share, or of one label's limit: `owner`, or `axis` and `label`, not both.
struct ShareChange {
  std::string owner;
  std::string axis, label;
  std::optional<double> weight;              ///< 0.001 to 1000; of an owner.
  std::optional<std::int64_t> max_parallel;  ///< 0: no limit.
};

/// Trials of one sweep that go before the one that is asked about.
struct AheadView {
  std::string owner;
  SweepId sweep;
  std::string sweep_name;
  std::int64_t trials = 0;
  std::string why;  ///< For people.
};

/// Why a trial is not handed out yet.
struct OrderView {
  std::int64_t trials_ahead = 0;
  std::vector<AheadView> ahead;    ///< The largest first.
  std::vector<std::string> notes;  ///< What holds the trial itself, for people.
  std::vector<ShareView> shares;   ///< Of owners with trials that wait or run.
};

/// Queued trials that need the same of a worker.
struct WaitingView {
  job::Need need;
  std::int64_t trials = 0;  ///< That would begin if there were slots.
  std::int64_t held = 0;    ///< That a limit of their sweep, owner or labels holds, however many slots there are.
};

/// What a person says of a worker.
enum class WorkerMark {
  kNone,      ///< It takes trials.
  kCordoned,  ///< No new trial; what runs there goes on.
  kDrained    ///< What runs there stops with a checkpoint as well, and goes on elsewhere.
};

struct MarkChange {
  std::string worker;  ///< Its id, or the name that a person gave it: then every worker of that name.
  WorkerMark mark = WorkerMark::kNone;
  std::string reason;   ///< For people; may be empty.
  std::string said_by;  ///< Who says so.
};

struct MarkView {
  std::int64_t workers = 0;         ///< Known ones that it is about; a mark holds for those that come later, too.
  std::int64_t trials_stopped = 0;  ///< That ran there and are told to stop.
};

/// Who gets which share of the workers, and in which order (proto/oodml/v1/sharing.proto), in plain types. Safe from
/// any thread. With a request id that was answered already, a change answers as it did.
class Sharing {
 public:
  virtual ~Sharing() = default;
  /// kNotFound: no such trial.
  virtual Result<OrderView> explain_order(TrialId trial) = 0;
  /// Of owners with trials that wait or run, and of those who were given a weight or a limit.
  virtual Result<SharesView> shares() = 0;
  /// Holds from the next trial that is handed out. kInvalidArgument says what would be accepted.
  virtual void set_share(const ShareChange& change, const std::string& request_id, Reply<SharesView> reply) = 0;
  /// kNotFound: nobody knows this worker, and no mark has its name.
  virtual void mark_worker(const MarkChange& change, const std::string& request_id, Reply<MarkView> reply) = 0;
  /// What waits for workers: most trials first.
  virtual Result<std::vector<WaitingView>> backlog() = 0;
};

}  // namespace oodml::coordinator
