#include "worker/session.h"

#include <spdlog/spdlog.h>

#include <iterator>
#include <utility>

namespace oodml::worker {
namespace {

constexpr auto kBetweenReasons = std::chrono::seconds(10);  // they may alternate, with each of two addresses
constexpr auto kReminder = std::chrono::minutes(10);
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
  std::vector<job::HeldLease> held;
  for (const auto& attempt : attempts.open()) {
    if (!attempt->spool().held().fingerprint.empty()) held.push_back(attempt->spool().held());
  }
  const Result<Terms> answer = client.register_worker(info, held);
  note(detail::status_of(answer));
  if (!answer.has_value()) return answer.error();
  spdlog::info("registered worker={} slots={} benchmarks={} weights={}{}", info.id.value, info.slots.size(),
               info.benchmarks.size(), info.weights.size(), info.set_aside.empty() ? "" : " set aside: " + info.set_aside);
  const std::lock_guard lock(mutex_);
  terms_ = *answer;
  registered_ = true;
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

void Session::set_data(job::DataStamps data) {
  while (std::ssize(data) > kMostStamps) data.erase(std::prev(data.end()));
  const std::lock_guard lock(mutex_);
  info_.data = std::move(data);
}

Terms Session::terms() const {
  const std::lock_guard lock(mutex_);
  return terms_;
}

void Session::note(const Status& answer) {
  if (answer.code() == StatusCode::kCancelled) return;  // Ours: it tells nothing.
  const bool reached = answer.ok() || !may_work_later(answer.code());
  const std::lock_guard lock(mutex_);
  const SteadyTime now = clock.steady_now();
  if (reached) {
    last_contact_ = now;
    if (std::exchange(connected_, true)) return;
    spdlog::info("coordinator answers again");
    ++returns_;
    bell.ring();
    return;
  }
  const bool lost = std::exchange(connected_, false);
  const bool other_reason = answer.text() != problem_ && now - said_ >= kBetweenReasons;
  if (!lost && !other_reason && now - said_ < kReminder) return;
  spdlog::warn("coordinator {}, trials go on and events are kept error={}", lost ? "does not answer" : "still does not answer", answer.text());
  problem_ = answer.text();
  said_ = now;
}

bool Session::registered() const {
  const std::lock_guard lock(mutex_);
  return registered_;
}

SteadyTime Session::last_contact() const {
  const std::lock_guard lock(mutex_);
  return last_contact_;
}

}  // namespace oodml::worker
