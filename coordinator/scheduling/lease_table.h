#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "coordinator/scheduling/worker_table.h"
#include "coordinator/store/trial_table.h"
#include "core/job/event.h"
#include "core/job/lease.h"

namespace oodml::coordinator::scheduling {

/// A lease as the memory knows it.
struct HeldLease {
  job::Lease lease;
  WorkerId worker;
  std::string slot;
  std::string request_id;
  store::Wish wish = store::Wish::kRun;  ///< of the trial's sweeps
  bool lets_run = false;                 ///< with kPause: it may end by itself
  Steady deadline;
  bool changing = false;  ///< its end (or, of a lost one, its return) is on the way to the disk
  std::optional<job::Progress> progress;
};

/// Live leases, at most one a trial, and lost ones whose trial nobody has claimed since. Not thread-safe.
class LeaseTable {
 public:
  void add(HeldLease lease);
  /// Moves a live lease to the lost ones.
  void lose(const LeaseId& lease);
  void erase_lost(const LeaseId& lease);
  /// What a trial's new situation means for its leases.
  void apply(const store::Situation& situation);

  HeldLease* find(const LeaseId& lease) { return find_in(live_, lease); }
  HeldLease* find_lost(const LeaseId& lease) { return find_in(lost_, lease); }
  HeldLease* find_by_trial(TrialId trial);
  HeldLease* find_by_request(const std::string& request_id);

  /// Marks those that run out by `now` as changing and gives them.
  std::vector<HeldLease> take_expired(Steady now);
  std::set<SlotKey> busy_slots() const;
  std::map<WorkerId, std::vector<TrialId>> running() const;

 private:
  using Leases = std::unordered_map<std::string, HeldLease>;
  static HeldLease* find_in(Leases& leases, const LeaseId& id);
  void erase_live(const LeaseId& lease);

  Leases live_, lost_;
  std::unordered_map<TrialId, LeaseId> by_trial_;  ///< live
  std::unordered_map<TrialId, LeaseId> lost_by_trial_;
  std::unordered_map<std::string, LeaseId> by_request_;  ///< live, with a request id
};

}  // namespace oodml::coordinator::scheduling
