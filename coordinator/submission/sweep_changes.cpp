#include "coordinator/submission/sweep_changes.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "coordinator/results/label_filter.h"
#include "coordinator/results/trial_selector.h"
#include "coordinator/store/attempt_table.h"
#include "coordinator/store/failure_table.h"
#include "coordinator/store/request_table.h"
#include "coordinator/store/view_table.h"
#include "coordinator/submission/neutral_keys.h"
#include "coordinator/submission/others_trials.h"
#include "core/base/words.h"

namespace oodml::coordinator::submission {
namespace {

using job::TrialState;
using store::Wish;

constexpr char kBetweenNotes = '\x1e';

std::int64_t stored_number(const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); }

/// The trial of a planned one, as its new sweep finds it.
struct Found {
  store::TrialKey key;  ///< before the submission
  bool is_new = false;
};

Found find_or_insert(store::Connection& database, const job::PlannedTrial& planned,
                     const std::optional<store::CommonSettings>& common, Time now) {
  if (const auto known = store::find_by_fingerprint(database, planned.fingerprint)) return {.key = *known};
  return {.key = {.id = store::insert_trial(database, planned.spec, planned.fingerprint, now, common)}, .is_new = true};
}

/// A sweep that wants it now has come.
void want(store::Connection& database, const store::TrialKey& trial, Time now) {
  if (trial.state == TrialState::kFailed || trial.state == TrialState::kCancelled) {
    store::requeue_afresh(database, trial.id, now);
  } else if (trial.state == TrialState::kPaused) {
    store::set_state(database, trial.id, TrialState::kQueued, now);
  }
}

/// A trial that waits or is over is handed out anew, if at all, and then to a machine that is large enough.
bool takes_demands(const store::TrialKey& trial) {
  return trial.state != TrialState::kRunning && trial.state != TrialState::kSucceeded;
}

/// A trial that has not begun, or begins again, can still do what this submission asks of it.
bool takes_wishes(const store::TrialKey& trial) {
  const bool ended_badly = trial.state == TrialState::kFailed || trial.state == TrialState::kCancelled;
  return ended_badly || (!trial.has_started && !job::is_final(trial.state));
}

/// What happens to a trial of the plan that was there already, where the submission meets it first.
void meet(store::Connection& database, const store::TrialKey& known, const job::TrialSpec& wanted, bool again,
          OthersTrials& others, Reuse& reuse, SubmitView& view, Time now) {
  if (again && job::may_begin_afresh(known.state)) {
    if (!others.may_begin_afresh(database, known.id)) return;  // which refuses the submission
    store::begin_afresh(database, known.id, now);
    store::replace_spec(database, known.id, wanted);
    ++view.rerun_trials;
    return;
  }
  if (again) reuse.add_running();
  look_at_shared(database, known, wanted, reuse);
  want(database, known, now);
}

/// "sweep trials new_trials rerun_trials", then a line for each note.
std::string reply_text(const SubmitView& view) {
  std::string text = std::to_string(view.sweep.value);
  for (const std::int64_t count : {view.trials, view.new_trials, view.rerun_trials})
    text += " " + std::to_string(count);
  for (const std::string& note : view.notes) text += kBetweenNotes + note;
  return text;
}

Result<Submitted> submitted_before(store::Connection& database, const std::string& reply) {
  std::vector<std::string> parts;  // the counts, then the notes
  for (std::size_t start = 0; start <= reply.size();) {
    const std::size_t end = std::min(reply.find(kBetweenNotes, start), reply.size());
    parts.push_back(reply.substr(start, end - start));
    start = end + 1;
  }
  std::vector<std::int64_t> counts(4, 0);  // a reply of an earlier version has three
  std::istringstream numbers(parts.front());
  for (std::int64_t& count : counts) numbers >> count;
  const SweepId sweep{counts[0]};
  OODML_RETURN_IF_ERROR(store::find_sweep(database, {.id = sweep, .name = ""}));  // it may be gone since
  return Submitted{.view = {.sweep = sweep,
                            .name = store::read_sweep(database, sweep).name,
                            .trials = counts[1],
                            .new_trials = counts[2],
                            .rerun_trials = counts[3],
                            .notes = {parts.begin() + 1, parts.end()}}};
}

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

void look_at_shared(store::Connection& database, const store::TrialKey& known, const job::TrialSpec& wanted,
                    Reuse& reuse) {
  if (known.state == TrialState::kSucceeded) {
    reuse.add_result(store::read_identity(database, known.id, known.attempt));
  }
  if (takes_wishes(known)) return;
  reuse.add_unmet(unmet_wishes(store::read_spec(database, known.id), wanted), !job::is_final(known.state));
}

Result<Submitted> submit(store::Connection& database, const job::SweepPlan& plan, const std::string& text_hash,
                         const std::string& request_id, const Submission& submission, Time now) {
  const Person by{.name = submission.options.owner, .is_operator = submission.options.is_operator};
  const std::string subject = store::said_by(text_hash, by);
  OODML_ASSIGN_OR_RETURN(const auto answered, store::find_request(database, "submit", request_id, subject));
  if (answered) return submitted_before(database, *answered);
  OODML_ASSIGN_OR_RETURN(const results::Filter only,
                         results::filter_of(plan.axes, plan.name, submission.options.rerun_only));

  Submitted submitted;
  SubmitView& view = submitted.view;
  view = {.sweep = store::insert_sweep(database, plan, submission.options.priority, submission.options.owner, now),
          .name = plan.name,
          .trials = static_cast<std::int64_t>(plan.trials.size())};
  const auto common = store::common_settings_of(database, plan);
  Reuse reuse(submission.now);
  OthersTrials others(by);
  std::set<TrialId> members;
  for (std::size_t i = 0; i < plan.trials.size(); ++i) {
    const job::PlannedTrial& planned = plan.trials[i];
    const Found found = find_or_insert(database, planned, common, now);
    const bool again = submission.options.rerun && results::passes(planned.labels, only);
    const bool is_first = members.insert(found.key.id).second;
    if (!found.is_new && is_first) meet(database, found.key, planned.spec, again, others, reuse, view, now);
    if (!found.is_new && is_first && takes_demands(found.key)) {
      store::take_over_demand(database, found.key.id, planned.spec);
    }
    if (!found.is_new && takes_wishes(found.key)) {
      store::replace_spec(database, found.key.id, with_wishes(store::read_spec(database, found.key.id), planned.spec));
    }
    store::insert_member(database, view.sweep, static_cast<std::int64_t>(i), found.key.id, planned.labels);
    view.new_trials += found.is_new ? 1 : 0;
  }
  OODML_RETURN_IF_ERROR(others.refusal());
  if (common) store::forget_unused(database, common->id);  // every trial was there already
  if (!submission.options.reuse && !reuse.refusal().empty()) return failed_precondition(reuse.refusal());
  view.notes = reuse.notes(submission.options.reuse);
  view.notes.insert(view.notes.end(), submission.notes.begin(), submission.notes.end());
  for (const TrialId trial : members) {
    store::Situation situation = store::situation_of(database, trial);
    if (!job::is_final(situation.state)) submitted.situations.push_back(std::move(situation));
  }
  store::insert_request(database, "submit", request_id, subject, reply_text(view), now);
  return submitted;
}

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
