#include "coordinator/submission/arrival_changes.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>

#include "coordinator/results/label_filter.h"
#include "coordinator/store/arrival_table.h"
#include "coordinator/store/attempt_table.h"
#include "coordinator/store/count_table.h"
#include "coordinator/store/request_table.h"
#include "coordinator/store/trial_need.h"
#include "coordinator/submission/neutral_keys.h"
#include "coordinator/submission/others_trials.h"

namespace oodml::coordinator::submission {
namespace {

using job::TrialState;

constexpr char kBetweenNotes = '\x1e';

/// The trial of a planned one, as its new sweep finds it.
struct Found {
  store::TrialKey key;  ///< before the submission
  bool is_new = false;
};

Found find_or_insert(store::Connection& database, const job::PlannedTrial& planned,
                     const std::optional<store::CommonSettings>& common, const Draft& draft) {
  if (const auto known = store::find_by_fingerprint(database, planned.fingerprint)) return {.key = *known};
  const TrialId trial = store::insert_trial(database, planned.spec, planned.fingerprint, draft.now, common);
  store::insert_scripts(database, trial, planned.spec, draft.submission.scripts);
  return {.key = {.id = trial}, .is_new = true};
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

Person asker_of(const Draft& draft) {
  return {.name = draft.submission.options.owner, .is_operator = draft.submission.options.is_operator};
}

/// As situation_of reads it of a trial that is new, and that this sweep alone has.
store::Situation situation_of_new(const Draft& draft, const Arriving& arrived, const NewTrial& fresh) {
  const job::PlannedTrial& planned = draft.plan->trials[fresh.place];
  const SubmitOptions& options = draft.submission.options;
  store::Situation situation{.trial = fresh.trial,
                             .need = arrived.needs[fresh.need],
                             .turn = {.priority = options.priority,
                                      .sweep = arrived.sweep,
                                      .position = static_cast<std::int64_t>(fresh.place),
                                      .queued_since = from_millis(to_millis(draft.now))},
                             .charge = {.sweep = arrived.sweep, .owner = options.owner, .limited = {}},
                             .max_parallel = draft.plan->max_parallel};
  for (const store::LabelLimit& limit : arrived.limits) {
    const auto label = planned.labels.find(limit.label.axis);
    if (label != planned.labels.end() && label->second == limit.label.label)
      situation.charge.limited.insert(limit.label);
  }
  return situation;
}

/// Whether what was noted of the new trials still holds.
bool stand(store::Connection& database, const Arriving& arrived) {
  const auto in_queue = static_cast<std::size_t>(store::read_counts(database, arrived.sweep).states.queued);
  return in_queue == arrived.fresh.size() && store::read_label_limits(database) == arrived.limits;
}

/// The trials of a sweep as its last transaction meets them, in the order of the plan.
class Meeting {
 public:
  Meeting(store::Connection& database, const Draft& draft, const Arriving& arrived)
      : database_(database), draft_(draft), arrived_(arrived), reuse_(draft.submission.now), others_(asker_of(draft)) {
    submitted_.view = {.sweep = arrived.sweep,
                       .name = draft.plan->name,
                       .trials = static_cast<std::int64_t>(draft.plan->trials.size()),
                       .new_trials = std::ssize(arrived.fresh)};
    submitted_.is_as_noted = stand(database, arrived);
  }

  Result<Submitted> run(const results::Filter& only) {
    std::size_t next = 0;
    for (std::size_t place = 0; place < draft_.plan->trials.size(); ++place) {
      const bool is_fresh = next < arrived_.fresh.size() && arrived_.fresh[next].place == place;
      if (is_fresh) {
        ++next;
      } else {
        meet_at(place, only);
      }
    }
    OODML_RETURN_IF_ERROR(others_.refusal());
    const SubmitOptions& options = draft_.submission.options;
    if (!options.reuse && !reuse_.refusal().empty()) return failed_precondition(reuse_.refusal());
    submitted_.view.notes = reuse_.notes(options.reuse);
    submitted_.view.notes.insert(submitted_.view.notes.end(), draft_.submission.notes.begin(),
                                 draft_.submission.notes.end());
    add_situations();
    return std::move(submitted_);
  }

 private:
  void meet_at(std::size_t place, const results::Filter& only) {
    const job::PlannedTrial& planned = draft_.plan->trials[place];
    const Found found = find_or_insert(database_, planned, arrived_.common, draft_);
    const TrialId trial = found.key.id;
    const bool again = draft_.submission.options.rerun && results::passes(planned.labels, only);
    const bool is_first =
        !std::ranges::binary_search(arrived_.fresh, trial, {}, &NewTrial::trial) && met_.insert(trial).second;
    if (!found.is_new && is_first)
      meet(database_, found.key, planned.spec, again, others_, reuse_, submitted_.view, draft_.now);
    if (!found.is_new && is_first && takes_demands(found.key)) {
      store::take_over_demand(database_, trial, planned.spec);
    }
    if (!found.is_new && takes_wishes(found.key)) {
      store::replace_spec(database_, trial, with_wishes(store::read_spec(database_, trial), planned.spec));
    }
    store::insert_member(database_, arrived_.sweep, static_cast<std::int64_t>(place), trial, planned.labels);
    submitted_.view.new_trials += found.is_new ? 1 : 0;
    met_.insert(trial);
  }

  void add_situations() {
    for (const TrialId trial : met_) {
      store::Situation situation = store::situation_of(database_, trial);
      if (!job::is_final(situation.state)) submitted_.situations.push_back(std::move(situation));
    }
  }

  store::Connection& database_;
  const Draft& draft_;
  const Arriving& arrived_;
  Submitted submitted_;
  Reuse reuse_;
  OthersTrials others_;
  std::set<TrialId> met_;
};

}  // namespace

Draft::Draft(std::shared_ptr<job::SweepPlan> plan, std::string text_hash, std::string request_id, Submission submission,
             Time now)
    : plan(std::move(plan)),
      text_hash(std::move(text_hash)),
      request_id(std::move(request_id)),
      submission(std::move(submission)),
      now(now),
      texts(store::texts_of(*this->plan)),
      common(store::common_text_of(*this->plan)) {}

void look_at_shared(store::Connection& database, const store::TrialKey& known, const job::TrialSpec& wanted,
                    Reuse& reuse) {
  if (known.state == TrialState::kSucceeded) {
    reuse.add_result(store::read_identity(database, known.id, known.attempt));
  }
  if (takes_wishes(known)) return;
  reuse.add_unmet(unmet_wishes(store::read_spec(database, known.id), wanted), !job::is_final(known.state));
}

Result<Submitted> submit(store::Connection& database, const Draft& draft) {
  OODML_ASSIGN_OR_RETURN(Arriving arriving, begin_arrival(database, draft));
  if (arriving.answered) return *std::move(arriving.answered);
  constexpr auto kAllAtOnce = std::chrono::steady_clock::time_point::max();
  add(arrive(database, draft, arriving, draft.plan->trials.size(), kAllAtOnce), arriving);
  OODML_ASSIGN_OR_RETURN(Submitted submitted, end_arrival(database, draft, arriving));
  std::set<TrialId> read;
  for (const store::Situation& situation : submitted.situations) read.insert(situation.trial);
  for (store::Situation& fresh :
       situations_of(database, draft, arriving, submitted.is_as_noted, 0, arriving.fresh.size())) {
    if (!read.contains(fresh.trial)) submitted.situations.push_back(std::move(fresh));
  }
  return submitted;
}

Result<Arriving> begin_arrival(store::Connection& database, const Draft& draft) {
  const std::string subject = store::said_by(draft.text_hash, asker_of(draft));
  OODML_ASSIGN_OR_RETURN(const auto answered, store::find_request(database, "submit", draft.request_id, subject));
  Arriving arriving;
  if (answered) {
    OODML_ASSIGN_OR_RETURN(arriving.answered, submitted_before(database, *answered));
    return arriving;
  }
  const SubmitOptions& options = draft.submission.options;
  OODML_RETURN_IF_ERROR(results::filter_of(draft.plan->axes, draft.plan->name, options.rerun_only));
  arriving.sweep = store::insert_sweep(database, *draft.plan, draft.texts, options.priority, options.owner, draft.now);
  store::set_arriving(database, arriving.sweep, draft.now);
  arriving.common = store::store_common(database, draft.common);
  arriving.limits = store::read_label_limits(database);
  return arriving;
}

std::uint32_t Arriving::place_of(const job::Need& need) {
  const auto [place, is_new] = need_places.try_emplace(need, static_cast<std::uint32_t>(needs.size()));
  if (is_new) needs.push_back(need);
  return place->second;
}

Arriving arrive(store::Connection& database, const Draft& draft, const Arriving& so_far, std::size_t most,
                std::chrono::steady_clock::time_point until) {
  const std::vector<job::PlannedTrial>& trials = draft.plan->trials;
  Arriving more;
  const std::size_t end = so_far.looked_at + std::min(most, trials.size() - so_far.looked_at);
  for (more.looked_at = so_far.looked_at; more.looked_at < end;) {
    const std::size_t place = more.looked_at++;
    const job::PlannedTrial& planned = trials[place];
    const Found found = find_or_insert(database, planned, so_far.common, draft);
    if (found.is_new) {
      store::insert_member(database, so_far.sweep, static_cast<std::int64_t>(place), found.key.id, planned.labels);
      more.fresh.push_back(
          {.place = place, .trial = found.key.id, .need = more.place_of(store::need_of(planned.spec))});
    }
    if (std::chrono::steady_clock::now() > until) break;
  }
  return more;
}

void add(Arriving more, Arriving& all) {
  all.looked_at = more.looked_at;
  for (NewTrial fresh : more.fresh) {
    fresh.need = all.place_of(more.needs[fresh.need]);
    all.fresh.push_back(fresh);
  }
}

std::vector<store::Situation> situations_of(store::Connection& database, const Draft& draft, const Arriving& arrived,
                                            bool is_as_noted, std::size_t first, std::size_t count) {
  std::vector<store::Situation> situations;
  const std::size_t end = std::min(first + count, arrived.fresh.size());
  for (std::size_t i = first; i < end; ++i) {
    const NewTrial& fresh = arrived.fresh[i];
    store::Situation situation =
        is_as_noted ? situation_of_new(draft, arrived, fresh) : store::situation_of(database, fresh.trial);
    if (!job::is_final(situation.state)) situations.push_back(std::move(situation));
  }
  return situations;
}

Result<Submitted> end_arrival(store::Connection& database, const Draft& draft, const Arriving& arrived) {
  const job::SweepPlan& plan = *draft.plan;
  OODML_ASSIGN_OR_RETURN(const results::Filter only,
                         results::filter_of(plan.axes, plan.name, draft.submission.options.rerun_only));
  OODML_ASSIGN_OR_RETURN(Submitted submitted, Meeting(database, draft, arrived).run(only));
  if (arrived.common) store::forget_unused(database, arrived.common->id);  // every trial was there already
  store::set_arrived(database, arrived.sweep);
  store::insert_request(database, "submit", draft.request_id, store::said_by(draft.text_hash, asker_of(draft)),
                        reply_text(submitted.view), draft.now);
  return submitted;
}

}  // namespace oodml::coordinator::submission
