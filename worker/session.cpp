#include "worker/session.h"

#include <spdlog/spdlog.h>

#include <iterator>

namespace oodml::worker {
namespace {

constexpr std::ptrdiff_t kMostStamps = 16384;  // what the wire takes; of others nobody can say whether they changed

}  // namespace

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
  spdlog::info("registered worker={} slots={} benchmarks={}", info.id.value, info.slots.size(), info.benchmarks.size());
  const std::lock_guard lock(mutex_);
  terms_ = *answer;
  return {};
}

bool Session::set_benchmarks(std::vector<job::BenchmarkOnDisk> benchmarks) {
  const std::lock_guard lock(mutex_);
  if (info_.benchmarks == benchmarks) return false;
  info_.benchmarks = std::move(benchmarks);
  return true;
}

bool Session::set_data(job::DataStamps data) {
  while (std::ssize(data) > kMostStamps) data.erase(std::prev(data.end()));
  const std::lock_guard lock(mutex_);
  if (info_.data == data) return false;
  info_.data = std::move(data);
  return true;
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
