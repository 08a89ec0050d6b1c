#include "coordinator/submission/others_trials.h"

#include "core/base/counted.h"

namespace oodml::coordinator::submission {
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
          counted(trials_, "trial") + " to be run again " + (one ? "is" : "are") + " also of sweep " +
              std::to_string(newest.sweep.value) + " " + newest.name + " of " + newest.owner +
              (more > 0 ? " and " + counted(more, "other") : "") + ", whose tables " +
              (one ? "its result" : "their results") +
              " would leave: an operator may do that; choose others with --filter, or submit without --rerun"};
}

}  // namespace oodml::coordinator::submission
