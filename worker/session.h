#pragma once

#include <atomic>
#include <mutex>
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

  /// Registers the worker as it is now.
  Status announce();
  /// True when they differ from those announced last.
  bool set_benchmarks(std::vector<job::BenchmarkOnDisk> benchmarks);
  /// The same for the hashes of its data.
  bool set_data(job::DataStamps data);
  Terms terms() const;

  /// Every answer of the coordinator passes here: it keeps the time of the last contact and logs when it is lost
  /// and found again.
  void note(const Status& answer);
  SteadyTime last_contact() const;

 private:
  mutable std::mutex mutex_;    // guards all below
  SteadyTime last_contact_;
  bool connected_ = true;
  job::WorkerInfo info_;
  Terms terms_;
};

}  // namespace oodml::worker
