#include "worker/courier.h"

#include <spdlog/spdlog.h>

#include <random>

namespace oodml::worker {
namespace {

constexpr std::size_t kBatch = 256;  // events of at most 4 KiB: well below gRPC's 4 MiB

}  // namespace

Courier::Courier(Session& session)
    : session_(session), backoff_(std::chrono::milliseconds(200), std::chrono::seconds(15), std::random_device{}()) {}

void Courier::run() {
  const auto ended = [&] { return session_.ended.load(); };
  while (!ended()) {
    session_.bell.wait([&] { return ended() || has_news(); });
    Status problem;
    for (const auto& attempt : session_.attempts.open()) {
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

bool Courier::has_news() {
  for (const auto& attempt : session_.attempts.open()) {
    if (attempt->spool().has_news() || attempt->uncommitted) return true;
  }
  return false;
}

/// One step further with one attempt; not ok when the same should be tried again later.
Status Courier::deliver(Attempt& attempt) {
  Status answer = push_events(attempt);
  if (answer.ok()) answer = commit_checkpoint(attempt);
  if (answer.ok()) answer = finish(attempt);
  if (answer.ok() || may_work_later(answer.code())) return answer;
  give_up(attempt, answer);
  return {};
}

/// Asks; a coordinator that does not know the worker is told of it and asked again.
template <typename Call>
Status Courier::ask(Call call) {
  Status answer = call();
  if (answer.code() == StatusCode::kNotFound) {
    OODML_RETURN_IF_ERROR(session_.announce());
    answer = call();
  }
  session_.note(answer);
  return answer;
}

Status Courier::push_events(Attempt& attempt) {
  const std::vector<job::Event> batch = attempt.spool().next_batch(kBatch);
  if (batch.empty()) return {};
  std::int64_t durable = 0;
  OODML_RETURN_IF_ERROR(ask([&]() -> Status {
    const auto answer = session_.client.push_events(attempt.lease(), batch);
    durable = answer.value_or(0);
    return detail::status_of(answer);
  }));
  attempt.spool().free_up_to(durable);
  for (const job::Event& event : batch) {
    const auto* checkpoint = std::get_if<job::Checkpoint>(&event.body);
    if (checkpoint != nullptr && event.sequence <= durable) attempt.uncommitted = *checkpoint;
  }
  if (durable >= batch.front().sequence) return {};
  return failure(StatusCode::kUnavailable, "the coordinator has events only up to " + std::to_string(durable));
}

Status Courier::commit_checkpoint(Attempt& attempt) {
  if (!attempt.uncommitted) return {};
  const job::Checkpoint checkpoint = *attempt.uncommitted;
  const Status answer = ask([&] { return session_.client.commit_checkpoint(attempt.lease(), checkpoint); });
  if (!answer.ok() && !may_work_later(answer.code()) && attempt.spool().finish()) {
    attempt.uncommitted.reset();  // Perhaps the outcome is known already and its reply was lost: finish tells.
    return {};
  }
  OODML_RETURN_IF_ERROR(answer);
  attempt.uncommitted.reset();
  if (const auto directory = attempt.directory()) directory->remove_earlier_checkpoints();
  return {};
}

Status Courier::finish(Attempt& attempt) {
  const std::optional<PendingFinish> finish = attempt.spool().finish();
  if (!finish || attempt.spool().backlog() > 0) return {};
  OODML_RETURN_IF_ERROR(ask([&] {
    return session_.client.finish(attempt.lease(), finish->request_id, finish->outcome, finish->message,
                                  finish->last_sequence);
  }));
  spdlog::info("attempt reported trial={} attempt={} outcome={} {}", attempt.lease().trial.value,
               attempt.lease().attempt, job::to_text(finish->outcome), finish->message);
  attempt.close();
  session_.bell.ring();
  return {};
}

/// The attempt was overtaken, or the coordinator will never take what it has: it stops, and what is left of it goes.
void Courier::give_up(Attempt& attempt, const Status& why) {
  spdlog::warn("attempt dropped, the coordinator does not take it trial={} attempt={} unsent={} error={}",
               attempt.lease().trial.value, attempt.lease().attempt, attempt.spool().backlog(), why.text());
  attempt.request_stop(StopReason::kFenced);
  attempt.close();
  session_.bell.ring();
}

}  // namespace oodml::worker
