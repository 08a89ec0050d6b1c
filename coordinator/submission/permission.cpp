#include "coordinator/submission/permission.h"

namespace oodml::coordinator::submission {
namespace {

std::string name_of(const store::Owned& sweep) {
  return "sweep " + std::to_string(sweep.sweep.value) + " " + sweep.name;
}

}  // namespace

std::string said_by(std::string subject, const Person& by) {
  return by.name.empty() ? std::move(subject) : std::move(subject) + "\nby " + by.name;
}

Status check_may_change(store::Connection& database, SweepId sweep, const Person& by) {
  if (by.is_operator) return {};
  const store::Owned owned = store::owner_of(database, sweep);
  if (owned.owner.empty() || owned.owner == by.name) return {};
  return {StatusCode::kPermissionDenied, name_of(owned) + " belongs to " + owned.owner + ": " + owned.owner +
                                             " or an operator may change it, and you are " + by.name};
}

bool OthersTrials::may_begin_afresh(store::Connection& database, TrialId trial) {
  if (by_.is_operator) return true;
  const auto held = store::held_by_another(database, trial, by_.name);
  if (!held) return true;
  ++trials_;
  sweeps_.emplace(held->sweep, *held);
  return false;
}

Status OthersTrials::refusal() const {
  if (trials_ == 0) return {};
  const store::Owned& newest = sweeps_.rbegin()->second;
  const std::int64_t more = std::ssize(sweeps_) - 1;
  const bool one = trials_ == 1;
  return {StatusCode::kPermissionDenied,
          std::to_string(trials_) + (one ? " trial" : " trials") + " to be run again " + (one ? "is" : "are") +
              " also of " + name_of(newest) + " of " + newest.owner +
              (more > 0 ? " and " + std::to_string(more) + (more == 1 ? " other" : " others") : "") +
              ", whose tables " + (one ? "its result" : "their results") +
              " would leave: an operator may do that; choose others with --filter, or submit without --rerun"};
}

}  // namespace oodml::coordinator::submission
