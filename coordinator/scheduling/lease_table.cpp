#include "coordinator/scheduling/lease_table.h"

#include <algorithm>
#include <utility>

namespace oodml::coordinator::scheduling {

HeldLease* LeaseTable::find_in(Leases& leases, const LeaseId& id) {
  const auto found = leases.find(id.value);
  return found == leases.end() ? nullptr : &found->second;
}

void LeaseTable::add(HeldLease lease) {
  if (const auto older = by_trial_.find(lease.lease.trial); older != by_trial_.end())
    erase_live(LeaseId(older->second));
  by_trial_[lease.lease.trial] = lease.lease.id;
  if (!lease.request_id.empty()) by_request_[lease.request_id] = lease.lease.id;
  const std::string id = lease.lease.id.value;
  live_.insert_or_assign(id, std::move(lease));
}

void LeaseTable::erase_live(const LeaseId& lease) {
  const auto found = live_.find(lease.value);
  if (found == live_.end()) return;
  by_trial_.erase(found->second.lease.trial);
  const auto request = by_request_.find(found->second.request_id);
  if (request != by_request_.end() && request->second == lease) by_request_.erase(request);
  live_.erase(found);
}

void LeaseTable::lose(const LeaseId& lease) {
  const HeldLease* held = find(lease);
  if (!held) return;
  HeldLease lost = *held;
  lost.changing = false;
  erase_live(lease);
  lost_by_trial_[lost.lease.trial] = lease;
  lost_.insert_or_assign(lease.value, std::move(lost));
}

void LeaseTable::erase_lost(const LeaseId& lease) {
  const HeldLease* held = find_lost(lease);
  if (!held) return;
  lost_by_trial_.erase(held->lease.trial);
  lost_.erase(lease.value);
}

void LeaseTable::apply(const store::Situation& situation) {
  const bool runs = situation.state == job::TrialState::kRunning;
  if (const auto live = by_trial_.find(situation.trial); live != by_trial_.end()) {
    HeldLease& held = live_.at(live->second.value);
    held.wish = situation.wish;
    held.lets_run = situation.lets_run;
    if (!runs || held.lease.attempt != situation.attempt) erase_live(LeaseId(live->second));
  }
  const bool over = situation.state == job::TrialState::kSucceeded || situation.state == job::TrialState::kCancelled;
  if (const auto lost = lost_by_trial_.find(situation.trial); lost != lost_by_trial_.end() && (runs || over)) {
    lost_.erase(lost->second.value);
    lost_by_trial_.erase(lost);
  }
}

HeldLease* LeaseTable::find_by_trial(TrialId trial) {
  const auto found = by_trial_.find(trial);
  return found == by_trial_.end() ? nullptr : find(found->second);
}

HeldLease* LeaseTable::find_by_request(const std::string& request_id) {
  const auto found = by_request_.find(request_id);
  return request_id.empty() || found == by_request_.end() ? nullptr : find(found->second);
}

std::vector<HeldLease> LeaseTable::take_expired(Steady now) {
  std::vector<HeldLease> expired;
  for (auto& [id, held] : live_) {
    if (held.changing || held.deadline > now) continue;
    held.changing = true;
    expired.push_back(held);
  }
  return expired;
}

std::set<SlotKey> LeaseTable::busy_slots() const {
  std::set<SlotKey> busy;
  for (const auto& [id, held] : live_) busy.insert({held.worker, held.slot});
  return busy;
}

std::map<WorkerId, std::vector<TrialId>> LeaseTable::running() const {
  std::map<WorkerId, std::vector<TrialId>> running;
  for (const auto& [id, held] : live_) running[held.worker].push_back(held.lease.trial);
  for (auto& [worker, trials] : running) std::sort(trials.begin(), trials.end());
  return running;
}

}  // namespace oodml::coordinator::scheduling
