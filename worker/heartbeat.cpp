#include "worker/heartbeat.h"

#include <spdlog/spdlog.h>

#include <random>

namespace oodml::worker {

Heartbeat::Heartbeat(Session& session, Duration outage_limit)
    : session_(session),
      outage_limit_(outage_limit),
      backoff_(std::chrono::milliseconds(500), std::chrono::seconds(2), std::random_device{}()) {}

void Heartbeat::run() {
  const auto ended = [&] { return session_.ended.load(); };
  while (!ended()) {
    const Status answer = beat();
    if (answer.ok()) backoff_.reset();
    const Duration pause =
        answer.ok() ? session_.terms().heartbeat : std::min(session_.terms().heartbeat, backoff_.next());
    stop_after_long_outage();
    session_.bell.wait_until(session_.clock.steady_now() + pause, ended);
  }
}

Status Heartbeat::beat() {
  const std::vector<std::shared_ptr<Attempt>> attempts = session_.attempts.open();
  std::vector<job::Lease> leases;
  for (const auto& attempt : attempts) leases.push_back(attempt->lease());
  const auto directives = session_.client.heartbeat(leases);
  session_.note(detail::status_of(directives));
  if (!directives.has_value()) {
    return directives.error().code() == StatusCode::kNotFound ? session_.announce() : directives.error();
  }
  for (std::size_t i = 0; i < attempts.size() && i < directives->size(); ++i) apply((*directives)[i], *attempts[i]);
  return {};
}

void Heartbeat::apply(job::Directive directive, Attempt& attempt) {
  // The outcome is on its way, and its own answer decides: a late result is taken when nobody claimed the trial since.
  if (directive == job::Directive::kContinue || attempt.spool().finish()) return;
  const auto carry_out = [&](StopReason reason, const char* name) {
    if (attempt.stop() >= reason) return;
    spdlog::info("directive {} trial={} attempt={}", name, attempt.lease().trial.value, attempt.lease().attempt);
    attempt.request_stop(reason);
  };
  switch (directive) {
    case job::Directive::kContinue:
      break;
    case job::Directive::kStop:
      carry_out(StopReason::kDirective, "stop");
      break;
    case job::Directive::kCancel:
      carry_out(StopReason::kCancel, "cancel");
      break;
    case job::Directive::kFenced:
      carry_out(StopReason::kFenced, "fenced");
      attempt.close();
      break;
  }
  session_.bell.ring();
}

void Heartbeat::stop_after_long_outage() {
  if (session_.clock.steady_now() - session_.last_contact() < outage_limit_) return;
  for (const auto& attempt : session_.attempts.open()) {
    if (attempt->spool().finish() || attempt->stop() != StopReason::kNone) continue;
    spdlog::warn("cut off for too long, trial stops with a checkpoint trial={} attempt={}",
                 attempt->lease().trial.value, attempt->lease().attempt);
    attempt->request_stop(StopReason::kOutage);
  }
}

}  // namespace oodml::worker
