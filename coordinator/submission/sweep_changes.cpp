#include "coordinator/submission/sweep_changes.h"

#include <algorithm>
#include <map>

#include "coordinator/results/label_filter.h"
#include "coordinator/results/trial_selector.h"
#include "coordinator/store/failure_table.h"
#include "coordinator/store/ownership.h"
#include "coordinator/store/request_table.h"
#include "coordinator/store/view_table.h"
#include "core/base/words.h"

namespace oodml::coordinator::submission {
namespace {

using job::TrialState;
using store::Wish;

std::int64_t stored_number(const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); }

const char* name_of(SweepChange kind) {
  switch (kind) {
    case SweepChange::kCancel:
      return "cancel";
    case SweepChange::kPause:
      return "pause";
    case SweepChange::kPauseAfterRunning:
      return "pause after running";
    case SweepChange::kResume:
      return "resume";
    case SweepChange::kRetry:
      return "retry";
  }
  return "change";
}

/// The wish with which a change leaves this member; nullopt: it does not concern it.
std::optional<Wish> new_wish(SweepChange kind, const store::Member& member) {
  const bool over = job::is_final(member.state);
  switch (kind) {
    case SweepChange::kCancel:
      return over || member.wish == Wish::kCancel ? std::nullopt : std::optional(Wish::kCancel);
    case SweepChange::kPause: {
      const bool is_strict = member.wish == Wish::kPause && !member.lets_run;
      return over || member.wish == Wish::kCancel || is_strict ? std::nullopt : std::optional(Wish::kPause);
    }
    case SweepChange::kPauseAfterRunning:
      return over || member.wish != Wish::kRun ? std::nullopt : std::optional(Wish::kPause);
    case SweepChange::kResume:
      return over || member.wish != Wish::kPause ? std::nullopt : std::optional(Wish::kRun);
    case SweepChange::kRetry: {
      const bool ended_badly = member.state == TrialState::kFailed || member.state == TrialState::kCancelled;
      const bool let_go = !over && member.wish == Wish::kCancel;
      return ended_badly || let_go ? std::optional(Wish::kRun) : std::nullopt;
    }
  }
  return std::nullopt;
}

/// The state that follows from the wishes of all sweeps, for a trial that is not over and does not run.
void settle(store::Connection& database, TrialId trial, TrialState state, Wish wish, Time now) {
  const bool waits = state == TrialState::kQueued || state == TrialState::kBackoff;
  if (wish == Wish::kRun) {
    if (state == TrialState::kPaused) store::set_state(database, trial, TrialState::kQueued, now);
  } else if (wish == Wish::kPause) {
    if (waits) store::set_state(database, trial, TrialState::kPaused, now);
  } else if (waits || state == TrialState::kPaused) {
    store::set_state(database, trial, TrialState::kCancelled, now);
  }
}

using Members = std::map<TrialId, store::Member>;

/// The distinct trials of a sweep with one of the labels of each axis in `where`.
Result<Members> members_with(store::Connection& database, SweepId sweep, const std::vector<std::string>& where) {
  results::Filter filter;
  if (!where.empty()) {
    const store::SweepRow row = store::read_sweep(database, sweep);
    OODML_ASSIGN_OR_RETURN(filter, results::select_trials(row.axes, row.name, where));
  }
  Members members;
  for (store::Member& member : store::read_members(database, sweep, /*with_labels=*/!where.empty())) {
    if (results::passes(member.labels, filter)) members.emplace(member.trial, std::move(member));
  }
  if (members.empty() && !where.empty()) {
    return not_found("sweep " + std::to_string(sweep.value) + " has no trial with " + joined(where, " and "));
  }
  return members;
}

/// The distinct members that the caller means; kNotFound names trials that are not among them.
Result<Members> chosen(store::Connection& database, SweepId sweep, const ChangeSelection& wanted) {
  OODML_ASSIGN_OR_RETURN(Members members, members_with(database, sweep, wanted.where));
  if (wanted.trials.empty()) return members;
  Members named;
  for (const TrialId trial : wanted.trials) {
    const auto found = members.find(trial);
    if (found == members.end()) {
      return not_found("sweep " + std::to_string(sweep.value) + " has no trial " + std::to_string(trial.value) +
                       (wanted.where.empty() ? "" : " with " + joined(wanted.where, " and ")));
    }
    named.emplace(trial, found->second);
  }
  return named;
}

std::string subject_of(SweepId sweep, const ChangeSelection& wanted) {
  std::string text = std::to_string(sweep.value);
  for (const TrialId trial : wanted.trials) text += " " + std::to_string(trial.value);
  for (const std::string& term : wanted.where) text += "\nwhere " + term;
  return store::said_by(std::move(text), wanted.by);
}

}  // namespace

Result<Changed> change(store::Connection& database, SweepChange kind, const ChangeSelection& wanted, Time now) {
  OODML_ASSIGN_OR_RETURN(const SweepId sweep, store::find_sweep(database, wanted.sweep));
  OODML_RETURN_IF_ERROR(store::check_not_archived(database, sweep));
  OODML_RETURN_IF_ERROR(store::check_may_change(database, sweep, wanted.by));
  const std::string subject = subject_of(sweep, wanted);
  OODML_ASSIGN_OR_RETURN(const auto answered, store::find_request(database, name_of(kind), wanted.request_id, subject));
  if (answered) {
    return Changed{.view = {.changed = stored_number(*answered), .sweep = store::read_sweep_view(database, sweep)}};
  }
  OODML_ASSIGN_OR_RETURN(const Members members, chosen(database, sweep, wanted));
  Changed changed;
  bool concerned = false;
  for (const auto& [trial, member] : members) {
    const auto wish = new_wish(kind, member);
    if (!wish) continue;
    concerned = true;
    const Wish before = store::fate_of(store::situation_of(database, trial));
    if (job::is_final(member.state)) store::requeue_afresh(database, trial, now);
    store::set_wish(database, sweep, trial, *wish, kind == SweepChange::kPauseAfterRunning);
    settle(database, trial, member.state, store::wish_of(database, trial), now);
    store::Situation situation = store::situation_of(database, trial);
    const bool redirected = situation.state == TrialState::kRunning && before != store::fate_of(situation);
    changed.view.changed += situation.state != member.state || redirected ? 1 : 0;
    changed.situations.push_back(std::move(situation));
  }
  if (concerned && wanted.is_whole_sweep() && kind == SweepChange::kCancel) store::set_cancelled(database, sweep, now);
  if (kind == SweepChange::kResume) store::forget_failures(database, sweep, now);
  if (concerned && kind == SweepChange::kRetry) store::set_cancelled(database, sweep, std::nullopt);
  store::insert_request(database, name_of(kind), wanted.request_id, subject, std::to_string(changed.view.changed), now);
  changed.view.sweep = store::read_sweep_view(database, sweep);
  return changed;
}

}  // namespace oodml::coordinator::submission
