#include "worker/session.h"

#include <spdlog/spdlog.h>

#include <iterator>
#include <utility>

#include "core/job/limits.h"
#include "worker/announcement.h"

namespace oodml::worker {
namespace {

constexpr auto kBetweenReasons = std::chrono::seconds(10);  // they may alternate, with each of two addresses
constexpr auto kReminder = std::chrono::minutes(10);

/// What is wrong with a coordinator that gave this answer, or none.
const char* trouble_of(StatusCode code) {
  switch (code) {
    case StatusCode::kResourceExhausted:
      return "is too busy to take calls";
    case StatusCode::kUnauthenticated:
    case StatusCode::kPermissionDenied:
      return "does not let this worker in";
    case StatusCode::kInternal:
      return "answers with an error";
    default:
      return "does not answer";
  }
}

}  // namespace

bool may_work_later(StatusCode code) {
  switch (code) {
    case StatusCode::kUnavailable:
    case StatusCode::kDeadlineExceeded:
    case StatusCode::kResourceExhausted:
    case StatusCode::kCancelled:
    case StatusCode::kInternal:
    case StatusCode::kUnauthenticated:
    case StatusCode::kPermissionDenied:
      return true;
    default:
      return false;
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
    if (std::ssize(held) < job::kMaxLeases && !attempt->spool().held().fingerprint.empty()) {
      held.push_back(attempt->spool().held());
    }
  }
  const Announcement fitting = announcement_of(info);
  if (!fitting.left_out.empty() && say_left_out(fitting.left_out)) {
    spdlog::warn("registration is full, left out: {}", fitting.left_out);
  }
  const Result<Terms> answer = client.register_worker(fitting.worker, held);
  note(detail::status_of(answer));
  if (!answer.has_value()) return answer.error();
  spdlog::info("registered worker={} slots={} benchmarks={} weights={}{}", info.id.value, info.slots.size(),
               fitting.worker.benchmarks.size(), fitting.worker.weights.size(),
               info.set_aside.empty() ? "" : " set aside: " + info.set_aside);
  const std::lock_guard lock(mutex_);
  terms_ = *answer;
  registered_ = true;
  announced_ = std::move(info);
  return {};
}

/// True once for each text.
bool Session::say_left_out(const std::string& what) {
  const std::lock_guard lock(mutex_);
  return std::exchange(left_out_, what) != what;
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

void Session::set_slots(std::vector<job::Slot> slots) {
  const std::lock_guard lock(mutex_);
  info_.slots = std::move(slots);
}

void Session::set_disk(const job::DiskUse& disk) {
  const std::lock_guard lock(mutex_);
  info_.disk = disk;
}

void Session::set_draining() {
  const std::lock_guard lock(mutex_);
  info_.slots.clear();
}

std::set<std::string> Session::fingerprints() {
  std::set<std::string> all;
  for (const auto& attempt : attempts.open()) all.insert(attempt->spool().held().fingerprint);
  return all;
}

bool Session::has_changed() const {
  const std::lock_guard lock(mutex_);
  return info_ != announced_;
}

void Session::set_data(job::DataStamps data) {
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
  spdlog::warn("coordinator {}{}, trials go on and events are kept error={}", lost ? "" : "still ",
               trouble_of(answer.code()), answer.text());
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
