#include "worker/lease_loop.h"

#include <spdlog/spdlog.h>

#include <random>
#include <thread>

#include "worker/courier.h"
#include "worker/heartbeat.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;

constexpr auto kHouseKeeping = std::chrono::seconds(1);

}  // namespace

LeaseLoop::LeaseLoop(LoopOptions options, job::WorkerInfo info, CoordinatorClient& client, ProcessLauncher& launcher,
                     const Clock& clock)
    : options_(std::move(options)), session_(client, clock, options_.tick, info), info_(std::move(info)), launcher_(launcher) {}

Status LeaseLoop::run() {
  recover_spools();
  OODML_RETURN_IF_ERROR(announce_first());
  Courier courier(session_);
  Heartbeat heartbeat(session_, options_.outage);
  std::vector<std::unique_ptr<SlotRunner>> runners;
  for (const job::Slot& slot : info_.slots) {
    runners.push_back(std::make_unique<SlotRunner>(slot, options_.slot, session_, launcher_));
  }
  std::vector<std::jthread> services;
  services.emplace_back([&] { courier.run(); });
  services.emplace_back([&] { heartbeat.run(); });
  {
    std::vector<std::jthread> slots;
    for (const auto& runner : runners) slots.emplace_back([&runner] { runner->run(); });
    keep_house();
  }  // Every slot has ended, and with it every child.
  wait_for_delivery();
  session_.ended = true;
  session_.bell.ring();
  return {};
}

/// Children died with the worker's earlier life. Attempts that had not ended are reported at once, instead of when their
/// lease runs out.
void LeaseLoop::recover_spools() {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(options_.slot.spool, error)) {
    const fs::path& path = entry.path();
    if (path.extension() == ".new") fs::remove(path, error);  // A compaction that was interrupted.
    if (path.extension() != ".spool") continue;
    auto spool = EventSpool::recover(path);
    if (!spool.has_value()) {
      spdlog::error("spool of an earlier life set aside error={}", spool.error().message());
      fs::rename(path, path.string() + "-damaged", error);
      continue;
    }
    if (!(*spool)->finish()) {
      const Status written = (*spool)->append_finish(job::Outcome::kInfrastructure, "worker restarted");
      if (!written.ok()) spdlog::error("outcome is in memory only error={}", written.message());
    }
    const job::Lease& lease = (*spool)->lease();
    spdlog::info("spool of an earlier life trial={} attempt={} events={}", lease.trial.value, lease.attempt, (*spool)->backlog());
    session_.attempts.add(std::make_shared<Attempt>(std::move(*spool)));
  }
}

/// A coordinator that is not there yet is waited for; one that does not want this worker ends it.
Status LeaseLoop::announce_first() {
  if (options_.scan) session_.set_benchmarks(options_.scan());
  Backoff backoff(std::chrono::milliseconds(200), std::chrono::seconds(10), std::random_device{}());
  while (!session_.draining) {
    const Status answer = session_.announce();
    if (answer.ok()) return {};
    const bool refused = !may_work_later(answer.code()) || answer.code() == StatusCode::kUnauthenticated ||
                         answer.code() == StatusCode::kPermissionDenied;
    if (refused) return answer;
    session_.bell.wait_until(session_.clock.steady_now() + backoff.next(), [&] { return session_.draining.load(); });
  }
  return {};
}

/// On the caller's thread until the worker drains: looks at the benchmarks on disk, and whether there is still work.
void LeaseLoop::keep_house() {
  const auto draining = [&] { return session_.draining.load(); };
  SteadyTime next_scan = session_.clock.steady_now() + options_.rescan;
  SteadyTime last_busy = session_.clock.steady_now();
  bool unannounced = false;
  while (!session_.bell.wait_until(session_.clock.steady_now() + kHouseKeeping, draining)) {
    const SteadyTime now = session_.clock.steady_now();
    if (!session_.attempts.open().empty()) last_busy = now;
    if (options_.exit_when_idle && now - last_busy >= *options_.exit_when_idle) {
      spdlog::info("no trial for {} ms, leaving", options_.exit_when_idle->count());
      drain();
    }
    if (options_.data && session_.set_data(options_.data())) unannounced = true;
    const bool scans = options_.scan && now >= next_scan;
    if (scans) next_scan = now + options_.rescan;
    if (scans && session_.set_benchmarks(options_.scan())) unannounced = true;
    if (unannounced) unannounced = !session_.announce().ok();
  }
}

void LeaseLoop::drain() {
  if (session_.draining.exchange(true)) return;
  spdlog::info("draining: no new trials, running ones stop with a checkpoint");
  session_.attempts.request_stop(StopReason::kDrain);
  session_.client.stop_waiting();
  session_.bell.ring();
}

void LeaseLoop::kill_now() {
  drain();
  killed_ = true;
  session_.attempts.request_stop(StopReason::kKill);
  session_.bell.ring();
}

void LeaseLoop::wait_for_delivery() {
  const SteadyTime deadline = session_.clock.steady_now() + options_.delivery;
  const bool all = session_.bell.wait_until(deadline, [&] { return killed_ || session_.attempts.open().empty(); });
  const std::size_t left = session_.attempts.open().size();
  if (!all || left > 0) spdlog::warn("attempts not reported yet, their spools are kept for the next start count={}", left);
}

}  // namespace oodml::worker
