#include "coordinator/submission/sweep_changes.h"

#include <algorithm>
#include <map>
#include <set>

#include "coordinator/store/request_table.h"
#include "coordinator/store/view_table.h"

namespace oodml::coordinator::submission {
namespace {

using job::TrialState;
using store::Wish;

std::int64_t stored_number(const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); }

/// The trial of a planned one, as its new sweep finds it.
struct Found {
  TrialId id;
  bool is_new = false;
  TrialState state = TrialState::kQueued;  ///< before the submission
};

Found find_or_insert(store::Connection& database, const job::PlannedTrial& planned) {
  if (const auto known = store::find_by_fingerprint(database, planned.fingerprint)) {
    return {.id = known->id, .state = known->state};
  }
  return {.id = store::insert_trial(database, planned.spec, planned.fingerprint), .is_new = true};
}

/// A sweep that wants it now has come.
void want(store::Connection& database, const Found& trial, const job::TrialSpec& spec, Time now) {
  if (!trial.is_new && trial.state != TrialState::kRunning && trial.state != TrialState::kSucceeded) {
    store::take_over_demand(database, trial.id, spec);
  }
  if (trial.state == TrialState::kFailed || trial.state == TrialState::kCancelled) {
    store::requeue_afresh(database, trial.id, now);
  } else if (trial.state == TrialState::kPaused) {
    store::set_state(database, trial.id, TrialState::kQueued, now);
  }
}

Result<Submitted> submitted_before(store::Connection& database, const std::string& reply) {
  // "sweep trials new_trials"
  const std::size_t first = reply.find(' ');
  const std::size_t second = reply.find(' ', first + 1);
  const SweepId sweep{stored_number(reply)};
  return Submitted{.view = {.sweep = sweep, .name = store::read_sweep(database, sweep).name,
                            .trials = stored_number(reply.substr(first + 1)),
                            .new_trials = stored_number(reply.substr(second + 1))}};
}

const char* name_of(SweepChange kind) {
  switch (kind) {
    case SweepChange::kCancel: return "cancel";
    case SweepChange::kPause: return "pause";
    case SweepChange::kResume: return "resume";
    case SweepChange::kRetry: return "retry";
  }
  return "change";
}

/// The wish with which a change leaves this member; nullopt: it does not concern it.
std::optional<Wish> new_wish(SweepChange kind, const store::Member& member) {
  const bool over = job::is_final(member.state);
  switch (kind) {
    case SweepChange::kCancel: return over || member.wish == Wish::kCancel ? std::nullopt : std::optional(Wish::kCancel);
    case SweepChange::kPause: return over || member.wish != Wish::kRun ? std::nullopt : std::optional(Wish::kPause);
    case SweepChange::kResume: return over || member.wish != Wish::kPause ? std::nullopt : std::optional(Wish::kRun);
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

/// The distinct members that the caller means; kNotFound names trials that are not in the sweep.
Result<std::map<TrialId, store::Member>> chosen(store::Connection& database, SweepId sweep,
                                                const std::vector<TrialId>& trials) {
  std::map<TrialId, store::Member> members;
  for (store::Member& member : store::read_members(database, sweep, /*with_labels=*/false)) {
    members.emplace(member.trial, std::move(member));
  }
  if (trials.empty()) return members;
  std::map<TrialId, store::Member> wanted;
  for (const TrialId trial : trials) {
    const auto found = members.find(trial);
    if (found == members.end()) {
      return not_found("sweep " + std::to_string(sweep.value) + " has no trial " + std::to_string(trial.value));
    }
    wanted.emplace(trial, found->second);
  }
  return wanted;
}

std::string subject_of(SweepId sweep, const std::vector<TrialId>& trials) {
  std::string text = std::to_string(sweep.value);
  for (const TrialId trial : trials) text += " " + std::to_string(trial.value);
  return text;
}

}  // namespace

Result<Submitted> submit(store::Connection& database, const job::SweepPlan& plan, const std::string& text_hash,
                         const std::string& request_id, std::int64_t priority, Time now) {
  OODML_ASSIGN_OR_RETURN(const auto answered, store::find_request(database, "submit", request_id, text_hash));
  if (answered) return submitted_before(database, *answered);

  Submitted submitted;
  submitted.view = {.sweep = store::insert_sweep(database, plan, priority, now), .name = plan.name,
                    .trials = static_cast<std::int64_t>(plan.trials.size())};
  std::set<TrialId> members;
  for (std::size_t i = 0; i < plan.trials.size(); ++i) {
    const Found found = find_or_insert(database, plan.trials[i]);
    if (members.insert(found.id).second) want(database, found, plan.trials[i].spec, now);
    store::insert_member(database, submitted.view.sweep, static_cast<std::int64_t>(i), found.id, plan.trials[i].labels);
    submitted.view.new_trials += found.is_new ? 1 : 0;
  }
  for (const TrialId trial : members) {
    store::Situation situation = store::situation_of(database, trial);
    if (!job::is_final(situation.state)) submitted.situations.push_back(std::move(situation));
  }
  const SubmitView& view = submitted.view;
  store::insert_request(database, "submit", request_id, text_hash,
                        std::to_string(view.sweep.value) + " " + std::to_string(view.trials) + " " +
                            std::to_string(view.new_trials),
                        now);
  return submitted;
}

Result<Changed> change(store::Connection& database, SweepChange kind, const SweepRef& ref,
                       const std::vector<TrialId>& trials, const std::string& request_id, Time now) {
  OODML_ASSIGN_OR_RETURN(const SweepId sweep, store::find_sweep(database, ref));
  const std::string subject = subject_of(sweep, trials);
  OODML_ASSIGN_OR_RETURN(const auto answered, store::find_request(database, name_of(kind), request_id, subject));
  if (answered) {
    return Changed{.view = {.changed = stored_number(*answered), .sweep = store::read_sweep_view(database, sweep)}};
  }
  OODML_ASSIGN_OR_RETURN(const auto members, chosen(database, sweep, trials));
  Changed changed;
  bool concerned = false;
  for (const auto& [trial, member] : members) {
    const auto wish = new_wish(kind, member);
    if (!wish) continue;
    concerned = true;
    const Wish before = store::wish_of(database, trial);
    if (job::is_final(member.state)) store::requeue_afresh(database, trial, now);
    store::set_wish(database, sweep, trial, *wish);
    const Wish after = store::wish_of(database, trial);
    settle(database, trial, member.state, after, now);
    store::Situation situation = store::situation_of(database, trial);
    const bool redirected = situation.state == TrialState::kRunning && before != after;
    changed.view.changed += situation.state != member.state || redirected ? 1 : 0;
    changed.situations.push_back(std::move(situation));
  }
  if (concerned && trials.empty() && kind == SweepChange::kCancel) store::set_cancelled(database, sweep, now);
  if (concerned && kind == SweepChange::kRetry) store::set_cancelled(database, sweep, std::nullopt);
  store::insert_request(database, name_of(kind), request_id, subject, std::to_string(changed.view.changed), now);
  changed.view.sweep = store::read_sweep_view(database, sweep);
  return changed;
}

}  // namespace oodml::coordinator::submission
