#include "worker/courier.h"

#include <spdlog/spdlog.h>

#include <random>

#include "worker/attempt_end.h"

namespace oodml::worker {
namespace {

constexpr std::size_t kBatch = 256;  // events; the client sends fewer where they are large
constexpr auto kPutOff = std::chrono::seconds(15);

/// Nothing is left to tell but an end that waits for what it owes.
bool waits_for_upload(const Attempt& attempt, SteadyTime now) {
  const auto upload = attempt.upload();
  if (!upload || upload->may_report(now)) return false;
  return attempt.delivery.cut_short || (attempt.spool().finish() && attempt.spool().backlog() == 0);
}

}  // namespace

Courier::Courier(Session& session, Share share)
    : session_(session),
      share_(share),
      backoff_(std::chrono::milliseconds(200), std::chrono::seconds(15), std::random_device{}()) {}

void Courier::run() {
  const auto ended = [&] { return session_.ended.load(); };
  while (!ended()) {
    session_.bell.wait([&] { return ended() || has_news(); });
    Status problem;
    for (const auto& attempt : attempts()) {
      if (ended()) return;
      if (const Status answer = deliver(*attempt); !answer.ok()) problem = answer;
    }
    if (problem.ok()) {
      backoff_.reset();
    } else {
      session_.pause(backoff_.next(), ended);
    }
  }
}

std::vector<std::shared_ptr<Attempt>> Courier::attempts() const {
  std::vector<std::shared_ptr<Attempt>> own = session_.attempts.open();
  std::erase_if(own, [&](const auto& attempt) { return !share_.has(attempt->lease()); });
  return own;
}

bool Courier::has_news() {
  const SteadyTime now = session_.clock.steady_now();
  for (const auto& attempt : attempts()) {
    if (attempt->in_turn() || now < attempt->delivery.not_before) continue;
    if (attempt->delivery.uncommitted) return true;
    if (attempt->spool().has_news() && !waits_for_upload(*attempt, now)) return true;
  }
  return false;
}

/// One step further with one attempt; not ok when the coordinator is away and all have to wait.
Status Courier::deliver(Attempt& attempt) {
  if (!attempt.take_turn()) return {};
  const Status answer = deliver_in_turn(attempt);
  attempt.end_turn();
  return answer;
}

Status Courier::deliver_in_turn(Attempt& attempt) {
  if (session_.clock.steady_now() < attempt.delivery.not_before) return {};
  Status answer = push_events(attempt);
  if (answer.ok()) answer = commit_checkpoint(attempt);
  if (answer.ok()) answer = finish(attempt);
  if (answer.ok()) attempt.delivery.refusal.clear();
  if (answer.ok() || may_work_later(answer.code())) return answer;
  if (answer.code() == StatusCode::kAborted) {
    give_up(attempt, answer);
  } else {
    put_off(attempt, answer);
  }
  return {};
}

template <typename Call>
Status Courier::ask(Call call) {
  Status answer = session_.ask(call);
  session_.note(answer);
  return answer;
}

Status Courier::push_events(Attempt& attempt) {
  if (attempt.delivery.cut_short) return {};
  const std::vector<job::Event> batch = attempt.spool().next_batch(kBatch);
  if (batch.empty()) return {};
  const Result<std::int64_t> durable = push(attempt, batch);
  const StatusCode code = durable ? StatusCode::kOk : durable.error().code();
  if (code == StatusCode::kInvalidArgument) {
    // It will never take them, and no attempt can get past them.
    cut_short(attempt,
              {job::Outcome::kBadConfiguration, "the coordinator refuses its events: " + durable.error().message()},
              StopReason::kKill);
    return {};
  }
  if (code == StatusCode::kFailedPrecondition) return tell_again(attempt, durable.error());
  if (!durable) return durable.error();
  attempt.spool().told_up_to(*durable);
  for (const job::Event& event : batch) {
    const auto* checkpoint = std::get_if<job::Checkpoint>(&event.body);
    if (checkpoint != nullptr && event.sequence <= *durable) attempt.delivery.uncommitted = *checkpoint;
  }
  if (*durable >= batch.front().sequence) return {};
  return tell_again(attempt, failed_precondition("the coordinator has events only up to " + std::to_string(*durable)));
}

Result<std::int64_t> Courier::push(Attempt& attempt, const std::vector<job::Event>& events) {
  std::int64_t durable = 0;
  OODML_RETURN_IF_ERROR(ask([&]() -> Status {
    const auto answer = session_.client.push_events(attempt.lease(), events);
    durable = answer.value_or(0);
    return detail::status_of(answer);
  }));
  return durable;
}

/// The coordinator misses events that it had: its database is of a time before them. It is told all of them again;
/// where that is no longer possible, a next attempt tells them, which goes on from this one's checkpoint.
Status Courier::tell_again(Attempt& attempt, const Status& why) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t durable, push(attempt, {}));
  const std::int64_t told = attempt.spool().told();
  if (durable >= told) return why;
  spdlog::warn(
      "the coordinator has lost events (its database may have been restored from a backup), they are told again "
      "trial={} attempt={} had={} has={}",
      attempt.lease().trial.value, attempt.lease().attempt, told, durable);
  if (attempt.spool().tell_again_after(durable)) return {};
  cut_short(attempt,
            {job::Outcome::kPreempted,
             "the coordinator has lost events that are no longer here; the next attempt "
             "tells them, from this one's checkpoint on"},
            StopReason::kDirective);
  return {};
}

Status Courier::commit_checkpoint(Attempt& attempt) {
  auto& uncommitted = attempt.delivery.uncommitted;
  if (!uncommitted || attempt.delivery.cut_short) return {};
  const job::Checkpoint checkpoint = *uncommitted;
  const Status answer = ask([&] { return session_.client.commit_checkpoint(attempt.lease(), checkpoint); });
  if (!answer.ok() && !may_work_later(answer.code()) && attempt.spool().finish()) {
    uncommitted.reset();  // Perhaps the outcome is known already and its reply was lost: finish tells.
    return {};
  }
  OODML_RETURN_IF_ERROR(answer);
  uncommitted.reset();
  if (const auto directory = attempt.directory()) directory->remove_earlier_checkpoints();
  return {};
}

Status Courier::finish(Attempt& attempt) {
  std::optional<PendingFinish> finish = attempt.spool().finish();
  if (!finish) return {};
  if (const auto& instead = attempt.delivery.cut_short) {
    finish->outcome = instead->outcome;
    finish->message = instead->message;
    finish->last_sequence = 0;  // No more than what is there is waited for.
  } else if (attempt.spool().backlog() > 0) {
    return {};
  }
  if (waits_for_upload(attempt, session_.clock.steady_now())) return {};
  const EndReport end = end_report(attempt, *finish);
  const Status answer =
      ask([&] { return detail::status_of(session_.client.finish(attempt.lease(), end, std::nullopt)); });
  if (answer.code() == StatusCode::kFailedPrecondition) return tell_again(attempt, answer);
  OODML_RETURN_IF_ERROR(answer);
  close_reported(attempt, end);
  session_.bell.ring();
  return {};
}

/// The attempt was overtaken: it stops, and what is left of it goes.
void Courier::give_up(Attempt& attempt, const Status& why) {
  spdlog::warn("attempt dropped, the coordinator does not take it trial={} attempt={} unsent={} error={}",
               attempt.lease().trial.value, attempt.lease().attempt, attempt.spool().backlog(), why.text());
  attempt.request_stop(StopReason::kFenced);
  attempt.close();
  session_.bell.ring();
}

/// The coordinator answers, but cannot take what it is told, now or for long. The trial goes on, and other attempts do
/// not wait for it.
void Courier::put_off(Attempt& attempt, const Status& why) {
  attempt.delivery.not_before = session_.clock.steady_now() + kPutOff;
  if (attempt.delivery.refusal == why.text()) return;
  attempt.delivery.refusal = why.text();
  spdlog::error(
      "the coordinator does not take what it is told, the trial goes on and all is kept and told again "
      "trial={} attempt={} error={}",
      attempt.lease().trial.value, attempt.lease().attempt, why.text());
}

/// The attempt cannot be told to its end. It stops, and another verdict is told than its own.
void Courier::cut_short(Attempt& attempt, Verdict told, StopReason stop) {
  spdlog::error("attempt ends early trial={} attempt={} unsent={} reason={}", attempt.lease().trial.value,
                attempt.lease().attempt, attempt.spool().backlog(), told.message);
  attempt.delivery.cut_short = std::move(told);
  attempt.request_stop(stop);
  session_.bell.ring();
}

}  // namespace oodml::worker
