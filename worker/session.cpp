#include "worker/session.h"

#include <spdlog/spdlog.h>

namespace oodml::worker {

bool may_work_later(StatusCode code) {
  switch (code) {
    case StatusCode::kUnavailable:
    case StatusCode::kDeadlineExceeded:
    case StatusCode::kResourceExhausted:
    case StatusCode::kCancelled:
    case StatusCode::kInternal:
    case StatusCode::kUnauthenticated:
    case StatusCode::kPermissionDenied: return true;
    default: return false;
  }
}

Status Session::announce() {
  job::WorkerInfo info;
  {
    const std::lock_guard lock(mutex_);
    info = info_;
  }
  const Result<Terms> answer = client.register_worker(info);
  note(detail::status_of(answer));
  if (!answer.has_value()) return answer.error();
  spdlog::info("registered worker={} slots={} benchmarks={} weights={}{}", info.id.value, info.slots.size(),
               info.benchmarks.size(), info.weights.size(), info.set_aside.empty() ? "" : " set aside: " + info.set_aside);
  const std::lock_guard lock(mutex_);
  terms_ = *answer;
  announced_ = std::move(info);
  return {};
}

void Session::set_on_disk(std::vector<job::BenchmarkOnDisk> benchmarks, std::vector<std::string> weights) {
  const std::lock_guard lock(mutex_);
  info_.benchmarks = std::move(benchmarks);
  info_.weights = std::move(weights);
}

void Session::set_aside(std::string reason) {
  const std::lock_guard lock(mutex_);
  info_.set_aside = std::move(reason);
}

bool Session::has_changed() const {
  const std::lock_guard lock(mutex_);
  return info_ != announced_;
}

Terms Session::terms() const {
  const std::lock_guard lock(mutex_);
  return terms_;
}

void Session::note(const Status& answer) {
  if (answer.code() == StatusCode::kCancelled) return;  // Ours: it tells nothing.
  const bool reached = answer.ok() || !may_work_later(answer.code());
  const std::lock_guard lock(mutex_);
  if (reached) last_contact_ = clock.steady_now();
  if (reached == connected_) return;
  connected_ = reached;
  if (reached) {
    spdlog::info("coordinator answers again");
  } else {
    spdlog::warn("coordinator does not answer, trials go on and events are kept error={}", answer.text());
  }
}

SteadyTime Session::last_contact() const {
  const std::lock_guard lock(mutex_);
  return last_contact_;
}

}  // namespace oodml::worker
