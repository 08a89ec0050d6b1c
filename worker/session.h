#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "worker/attempt.h"
#include "worker/bell.h"
#include "worker/coordinator_client.h"

namespace oodml::worker {

/// Whether the same call may succeed later: the coordinator is away, overloaded, or does not accept the token yet.
bool may_work_later(StatusCode code);

/// What the worker's threads share: the connection and how it is doing, the registration, the open attempts.
class Session {
 public:
  Session(CoordinatorClient& client, const Clock& clock, Duration tick, job::WorkerInfo info)
      : client(client), clock(clock), bell(clock, tick), last_contact_(clock.steady_now()), info_(std::move(info)) {}

  CoordinatorClient& client;
  const Clock& clock;
  Bell bell;
  AttemptList attempts;
  std::atomic<bool> draining{false};  ///< No new trials.
  std::atomic<bool> ended{false};     ///< Every thread returns.

  /// Registers the worker as it is now, with the leases that it holds.
  Status announce();
  /// True when they differ from those announced last.
  bool set_benchmarks(std::vector<job::BenchmarkOnDisk> benchmarks);
  Terms terms() const;

  /// Every answer of the coordinator passes here: it keeps the time of the last contact and logs when it is lost
  /// and found again, and in between when the reason becomes another one, or now and then.
  void note(const Status& answer);
  SteadyTime last_contact() const;
  /// Waits before another try: at most so long, less once `ended()` holds or the coordinator is back.
  template <typename Ended>
  void pause(Duration at_most, Ended ended) {
    const int known = returns_;
    bell.wait_until(clock.steady_now() + at_most, [&] { return ended() || returns_ != known; });
  }
  /// Whether the coordinator has ever taken this worker.
  bool registered() const;

 private:
  std::atomic<int> returns_{0};  ///< How often the coordinator was found again.
  mutable std::mutex mutex_;    // guards all below
  SteadyTime last_contact_;
  bool connected_ = true;
  std::string problem_;          // why it does not answer, as said last
  SteadyTime said_;
  bool registered_ = false;
  job::WorkerInfo info_;
  Terms terms_;
};

}  // namespace oodml::worker
