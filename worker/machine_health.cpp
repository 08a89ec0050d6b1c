#include "worker/machine_health.h"

#include <spdlog/spdlog.h>

#include <random>
#include <utility>

namespace oodml::worker {

MachineHealth::MachineHealth(const Clock& clock)
    : clock_(clock), rest_(kFirstRest, kLongestRest, std::random_device{}()) {}

std::string MachineHealth::set_aside() const {
  const std::lock_guard lock(mutex_);
  return reason_;
}

bool MachineHealth::has_leave_locked() const {
  return reason_.empty() || (!probing_ && clock_.steady_now() >= rest_until_);
}

bool MachineHealth::has_leave() const {
  const std::lock_guard lock(mutex_);
  return has_leave_locked();
}

MachineHealth::Leave MachineHealth::ask_leave() {
  const std::lock_guard lock(mutex_);
  if (!has_leave_locked()) return Leave::kNo;
  if (reason_.empty()) return Leave::kYes;
  probing_ = true;
  return Leave::kProbe;
}

void MachineHealth::no_trial() {
  const std::lock_guard lock(mutex_);
  probing_ = false;
}

void MachineHealth::still_broken(const std::string& why) {
  const std::lock_guard lock(mutex_);
  rest_locked("its machine is not whole yet: " + why);
}

void MachineHealth::note_end(TrialId trial, const Verdict& verdict) {
  const std::lock_guard lock(mutex_);
  if (verdict.outcome == job::Outcome::kSucceeded || verdict.outcome == job::Outcome::kNumeric) return recover_locked();
  const bool probed = std::exchange(probing_, false);
  if (verdict.outcome != job::Outcome::kMachine) return;
  failed_.insert(trial);
  const bool known = !reason_.empty();
  if (failed_.size() < kTrialsToSetAside || (known && !probed)) return;
  rest_locked(std::to_string(failed_.size()) + " different trials in a row could not run on it, the last, trial " +
              std::to_string(trial.value) + ", as: " + verdict.message);
}

void MachineHealth::note_checkpoint() {
  const std::lock_guard lock(mutex_);
  recover_locked();
}

void MachineHealth::rest_locked(const std::string& why) {
  const Duration rest = rest_.next();
  probing_ = false;
  reason_ = why;
  rest_until_ = clock_.steady_now() + rest;
  spdlog::error("this machine is set aside, the next trial is tried in {} s: {}", rest.count() / 1000, reason_);
}

void MachineHealth::recover_locked() {
  if (!reason_.empty()) spdlog::info("this machine runs trials again");
  failed_.clear();
  reason_.clear();
  probing_ = false;
  rest_.reset();
}

void MachineHealth::wake() {
  const std::lock_guard lock(mutex_);
  rest_until_ = clock_.steady_now();
  ++wakes_;
}

int MachineHealth::wakes() const {
  const std::lock_guard lock(mutex_);
  return wakes_;
}

}  // namespace oodml::worker
