#include "coordinator/scheduling/attempt_changes.h"

#include <algorithm>
#include <iterator>

#include "coordinator/results/figures.h"
#include "coordinator/scheduling/failure_limit.h"
#include "coordinator/scheduling/retry_policy.h"
#include "coordinator/store/event_table.h"
#include "coordinator/store/file_table.h"
#include "coordinator/store/point_table.h"
#include "coordinator/store/request_table.h"
#include "coordinator/store/result_table.h"
#include "coordinator/store/script_table.h"
#include "coordinator/store/speed_table.h"
#include "core/base/code_point.h"
#include "core/job/limits.h"
#include "core/job/program.h"

namespace oodml::coordinator::scheduling {
namespace {

std::string name_of(const job::Lease& lease) {
  return "trial " + std::to_string(lease.trial.value) + " attempt " + std::to_string(lease.attempt);
}

Failure overtaken(const job::Lease& lease, const std::string& why) {
  return failure(StatusCode::kAborted, "the lease of " + name_of(lease) + " is over: " + why);
}

/// Whether its worker's word still counts, of what is stored of the lease.
Status check_open(const std::optional<store::AttemptRow>& attempt, const job::Lease& lease) {
  if (!attempt || attempt->lease != lease) return overtaken(lease, "this coordinator never gave such a lease");
  if (attempt->newest > lease.attempt) {
    return overtaken(lease, "attempt " + std::to_string(attempt->newest) + " was started since");
  }
  if (lease.attempt <= attempt->run_from) return overtaken(lease, "its trial began afresh since");
  if (!is_open(*attempt)) {
    const bool withdrawn = !attempt->outcome || *attempt->outcome == job::Outcome::kLost;
    return overtaken(lease, withdrawn ? std::string("its trial is ") + job::to_text(attempt->state)
                                      : std::string("it ended as ") + job::to_text(*attempt->outcome));
  }
  return {};
}

Status check_owner(const std::vector<job::Event>& events, const job::Lease& lease) {
  for (const job::Event& event : events) {
    if (event.trial == lease.trial && event.attempt == lease.attempt) continue;
    return invalid_argument("an event of trial " + std::to_string(event.trial.value) + " attempt " +
                            std::to_string(event.attempt) + " came with the lease of " + name_of(lease));
  }
  return {};
}

/// The same of its end, before which all its events must be here: those that come with it are appended.
Status check_end(store::Connection& database, std::optional<store::AttemptRow>& attempt, const job::Lease& lease,
                 const AttemptEnd& end) {
  OODML_RETURN_IF_ERROR(check_open(attempt, lease));
  if (!end.events.empty()) {
    OODML_RETURN_IF_ERROR(check_owner(end.events, lease));
    OODML_ASSIGN_OR_RETURN(attempt->last_sequence,
                           store::append_events(database, lease, attempt->last_sequence, end.events));
  }
  if (end.last_sequence <= attempt->last_sequence) return {};
  return failed_precondition("events up to " + std::to_string(end.last_sequence) + " of " + name_of(lease) +
                             " are needed before its end; only those up to " + std::to_string(attempt->last_sequence) +
                             " have arrived");
}

/// The attempt of the lease if its worker's word still counts.
Result<store::AttemptRow> open_attempt(store::Connection& database, const job::Lease& lease) {
  auto attempt = store::find_attempt(database, lease.id);
  OODML_RETURN_IF_ERROR(check_open(attempt, lease));
  return *std::move(attempt);
}

/// A trial whose attempt was believed lost runs again, or never stopped; the state machine leads there step by step.
void bring_back(store::Connection& database, TrialId trial, job::TrialState from, Time now) {
  if (from == job::TrialState::kRunning) return;
  if (from != job::TrialState::kQueued) store::set_state(database, trial, job::TrialState::kQueued, now);
  store::set_state(database, trial, job::TrialState::kRunning, now);
}

/// Why the trial is where it is.
std::string told(const NextStep& next, const std::string& message) {
  if (next.tells_all) return std::string(beginning_of(next.reason, job::kMaxMessageBytes));
  return next.reason.empty() || message.empty() ? next.reason + message : next.reason + ": " + message;
}

/// The situation of a queued trial as it is with its next attempt: what situation_of would read.
void begin(store::Situation& trial) {
  ++trial.attempt;
  trial.state = job::TrialState::kRunning;
  trial.not_before.reset();
  trial.machine_failed = false;
  trial.backoff = {};
  trial.preempted_on.reset();
}

/// After end_attempt: the trial's own state.
Situations settle(store::Connection& database, const job::Lease& lease, job::Outcome outcome,
                  const std::string& message, job::TrialState from, Time now, int machine_retries = job::kMaxRetries) {
  bring_back(database, lease.trial, from, now);
  if (outcome == job::Outcome::kSucceeded) {  // whatever its sweeps wish, and its tries were
    store::end_run(
        database, lease.trial,
        {.to = job::TrialState::kSucceeded, .at = now, .outcome = job::to_text(outcome), .message = message});
    return {store::Situation{.trial = lease.trial, .state = job::TrialState::kSucceeded, .attempt = lease.attempt}};
  }
  const store::TryHistory history = store::try_history(database, lease.trial);
  const NextStep next = next_step(outcome, store::wish_of(database, lease.trial), history, machine_retries);
  const bool waits = next.state == job::TrialState::kBackoff;
  const std::optional<Time> not_before =
      waits ? std::optional(now + backoff_delay(lease.trial, lease.attempt, history.tries)) : std::nullopt;
  store::end_run(database, lease.trial,
                 {.to = next.state,
                  .at = now,
                  .not_before = not_before,
                  .outcome = job::to_text(outcome),
                  .message = told(next, message)});
  Situations situations = {store::situation_of(database, lease.trial)};
  if (next.state == job::TrialState::kFailed) {
    std::ranges::move(pause_failing_sweeps(database, lease.trial), std::back_inserter(situations));
  }
  return situations;
}

Situations unchanged(store::Connection& database, const job::Lease& lease) {
  return {store::situation_of(database, lease.trial)};
}

}  // namespace

bool is_open(const store::AttemptRow& attempt) {
  if (attempt.newest != attempt.lease.attempt || attempt.lease.attempt <= attempt.run_from) return false;
  if (!attempt.outcome) return true;
  return *attempt.outcome == job::Outcome::kLost && attempt.state != job::TrialState::kSucceeded &&
         attempt.state != job::TrialState::kCancelled;
}

job::LeasedTrial leased_trial(store::Connection& database, const store::AttemptRow& attempt) {
  store::Rows rows = database.query("SELECT fingerprint FROM trials WHERE id = ?", attempt.lease.trial);
  job::LeasedTrial leased{.lease = attempt.lease,
                          .spec = store::read_spec(database, attempt.lease.trial),
                          .fingerprint = rows.next() ? rows.text(0) : "",
                          .scripts = store::read_scripts(database, attempt.lease.trial)};
  if (attempt.lease.attempt == 1) return leased;  // nothing came before
  leased.earlier_attempts = store::earlier_attempts(database, attempt.lease, attempt.worker);
  leased.resume_from = store::newest_checkpoint(database, attempt.lease.trial, attempt.lease.attempt);
  if (!job::program_of(leased.spec).empty()) leased.run_data = store::data_of_run(database, attempt.lease.trial);
  return leased;
}

std::optional<Claimed> claim(store::Connection& database, const Claim& claim, Time now) {
  store::Situation trial = store::situation_of(database, claim.trial);
  if (trial.state != job::TrialState::kQueued) return std::nullopt;
  const store::AttemptRow attempt{.lease = {.trial = claim.trial, .attempt = trial.attempt + 1, .id = claim.lease},
                                  .worker = claim.worker,
                                  .slot = claim.slot,
                                  .model = claim.model,
                                  .request_id = claim.request_id,
                                  .probe = claim.probe};
  store::begin_attempt(database, attempt, now);
  begin(trial);
  return Claimed{.trial = leased_trial(database, attempt), .situation = std::move(trial)};
}

Result<Finished> finish(store::Connection& database, const job::Lease& lease, const Finish& finish, Time now) {
  const AttemptEnd& end = finish.end;
  // A worker cannot lose its own lease; what it means is that something around the trial broke.
  const job::Outcome outcome = end.outcome == job::Outcome::kLost ? job::Outcome::kInfrastructure : end.outcome;
  auto known = store::find_attempt(database, lease.id);
  const std::int64_t before = known ? known->last_sequence : 0;
  const auto as_it_is = [&] { return Finished{.situations = unchanged(database, lease), .before = end.last_sequence}; };
  const Status may_end = check_end(database, known, lease, end);
  // Of an attempt that runs a new request id says that this is its end.
  const bool is_new = may_end.ok() && !known->outcome &&
                      store::insert_new_request(database, "finish", end.request_id, lease.id.value, "", now);
  if (!is_new) {
    OODML_ASSIGN_OR_RETURN(const auto answered,
                           store::find_request(database, "finish", end.request_id, lease.id.value));
    if (answered) return as_it_is();
    if (known && known->lease == lease && known->outcome == outcome) return as_it_is();
    OODML_RETURN_IF_ERROR(may_end);
    store::insert_request(database, "finish", end.request_id, lease.id.value, "", now);
  }
  const std::string message(beginning_of(end.message, job::kMaxMessageBytes));
  store::end_attempt(database, lease, outcome, message, now);
  if (outcome == job::Outcome::kSucceeded) {
    store::add_speed(database, lease, finish.steps_per_epoch);
    store::forget_unreached(database, lease.trial, lease.attempt);
    store::insert_results(database, lease, results::figures_of(store::read_curves(database, lease.trial)));
  }
  return Finished{.situations = settle(database, lease, outcome, message, known->state, now, finish.machine_retries),
                  .before = before};
}

Result<Situations> expire(store::Connection& database, const job::Lease& lease, const std::string& message, Time now) {
  const auto attempt = store::find_attempt(database, lease.id);
  if (!attempt || attempt->outcome || attempt->newest != lease.attempt) return unchanged(database, lease);
  store::end_attempt(database, lease, job::Outcome::kLost, message, now);
  return settle(database, lease, job::Outcome::kLost, message, attempt->state, now);
}

std::optional<store::Situation> take_up(store::Connection& database, const WorkerId& worker, const job::HeldLease& held,
                                        Time now) {
  if (store::find_attempt(database, held.lease.id)) return std::nullopt;
  const auto same = store::find_by_fingerprint(database, held.fingerprint);
  if (!same || same->id != held.lease.trial) return std::nullopt;
  const store::Situation trial = store::situation_of(database, held.lease.trial);
  const bool over = trial.state == job::TrialState::kSucceeded || trial.state == job::TrialState::kCancelled;
  if (over || trial.attempt >= held.lease.attempt) return std::nullopt;
  if (trial.state == job::TrialState::kRunning) {
    // There could be no later attempt if this one had not ended.
    const job::Lease before{.trial = held.lease.trial, .attempt = trial.attempt, .id = {}};
    store::end_attempt(database, before, job::Outcome::kLost,
                       "a later attempt was under way, which this database had forgotten", now);
  }
  store::insert_attempt(
      database, {.lease = held.lease, .worker = worker, .slot = held.slot, .request_id = "", .outcome = {}}, now);
  bring_back(database, held.lease.trial, trial.state, now);
  store::set_outcome(database, held.lease.trial, "", "");
  return store::situation_of(database, held.lease.trial);
}

Result<Situations> revive(store::Connection& database, const job::Lease& lease, Time now) {
  OODML_ASSIGN_OR_RETURN(const store::AttemptRow attempt, open_attempt(database, lease));
  if (!attempt.outcome) return unchanged(database, lease);
  store::reopen_attempt(database, lease);
  bring_back(database, lease.trial, attempt.state, now);
  store::set_outcome(database, lease.trial, "", "");
  return unchanged(database, lease);
}

Result<Appended> append(store::Connection& database, const LeaseId& lease, const std::vector<job::Event>& events) {
  const auto attempt = store::find_attempt(database, lease);
  if (!attempt) return failure(StatusCode::kAborted, "this coordinator never gave a lease " + lease.value);
  OODML_RETURN_IF_ERROR(check_owner(events, attempt->lease));
  const bool repeats_only = events.empty() || events.back().sequence <= attempt->last_sequence;
  if (repeats_only && attempt->newest == attempt->lease.attempt) {
    return Appended{.before = attempt->last_sequence, .durable = attempt->last_sequence};
  }
  OODML_RETURN_IF_ERROR(check_open(attempt, attempt->lease));
  OODML_ASSIGN_OR_RETURN(const std::int64_t durable,
                         store::append_events(database, attempt->lease, attempt->last_sequence, events));
  return Appended{.before = attempt->last_sequence, .durable = durable};
}

Status keep_checkpoint(store::Connection& database, const job::Lease& lease, const job::Checkpoint& checkpoint) {
  if (const auto open = open_attempt(database, lease); !open) return open.error();
  store::set_checkpoint(database, lease, checkpoint);
  return {};
}

}  // namespace oodml::coordinator::scheduling
