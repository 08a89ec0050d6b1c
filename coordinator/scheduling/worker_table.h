#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/scheduling/worker_marks.h"
#include "coordinator/service/worker_view.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/job/need.h"

namespace oodml::coordinator::scheduling {

using Steady = std::chrono::steady_clock::time_point;

inline Steady steady_after(Steady now, Duration wait) { return now + std::max(wait, Duration(0)); }

/// (worker, slot name)
using SlotKey = std::pair<WorkerId, std::string>;

/// The workers that announced themselves since this process started. One without slots is draining: it finishes
/// what it has and takes nothing new. One that left, or whose heartbeat is late by three times its interval, is not
/// connected: it is no reason for anything, but until it is lost a trial is kept for it. Not thread-safe, and cheap to
/// copy.
class WorkerTable {
 public:
  /// `lost_after`: the silence after which its trials go elsewhere.
  WorkerTable(Clock& clock, Duration heartbeat, Duration lost_after)
      : clock_(clock), silent_after_(std::min(kMissed * heartbeat, lost_after)), lost_after_(lost_after) {}

  /// kInvalidArgument for an empty or overlong id, or slots that share a name.
  Status put(const job::WorkerInfo& worker);
  /// Notes that the worker was heard of; kNotFound when it has to register, as after it left.
  Status heard_of(const WorkerId& worker);
  void leave(const WorkerId& worker);
  /// kNotFound for the worker, kInvalidArgument for the slot.
  Result<std::pair<const job::WorkerInfo*, const job::Slot*>> find(const WorkerId& worker,
                                                                   const std::string& slot) const;
  void put(const store::MarkRow& mark) { marks_.put(mark); }
  const WorkerMarks& marks() const { return marks_; }
  /// Those with this id, or this name.
  std::vector<WorkerId> named(const std::string& worker) const;
  std::vector<WorkerId> all() const;
  /// Whether it is connected and takes new trials.
  bool takes_trials(const WorkerId& worker) const;
  /// Whether one worker could run both kinds, which so stand in each other's way.
  bool share_a_slot(const job::Need& a, const job::Need& b) const;
  /// Drops those that were silent for a day.
  void forget_old();

  /// Whether a worker beside these that is not lost takes trials and could run one with this need, in whichever of its
  /// slots.
  bool others_can_run(const job::Need& need, const std::set<WorkerId>& beside) const;
  /// Why a queued trial with this need, which the machines of `failed_on` could not run, is not running: for people.
  std::string waiting_for(const job::Need& need, const std::set<WorkerId>& failed_on,
                          const std::set<SlotKey>& busy) const;
  /// By id, as if they ran nothing.
  std::vector<WorkerView> views() const;

 private:
  static constexpr int kMissed = 3;  // heartbeats
  struct Entry {
    std::shared_ptr<const job::WorkerInfo> info;  ///< shared by the copies of the table, which views are made of
    Steady heard;
    bool left = false;
  };
  bool is_connected(const Entry& entry) const {
    return !entry.left && clock_.steady_now() - entry.heard <= silent_after_;
  }
  bool is_lost(const Entry& entry) const { return entry.left || clock_.steady_now() - entry.heard > lost_after_; }
  const char* state_of(const Entry& entry, const store::MarkRow* mark) const;

  const Clock& clock_;
  Duration silent_after_, lost_after_;
  std::map<WorkerId, Entry> workers_;
  WorkerMarks marks_;
};

}  // namespace oodml::coordinator::scheduling
