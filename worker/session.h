#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "worker/attempt.h"
#include "worker/bell.h"
#include "worker/coordinator_client.h"
#include "worker/machine_health.h"
#include "worker/upload.h"

namespace oodml::worker {

/// Whether the same call may succeed later: the coordinator is away, overloaded, or does not accept the token yet.
bool may_work_later(StatusCode code);

/// What the worker's threads share: the connection and how it is doing, the registration, the open attempts.
class Session {
 public:
  Session(CoordinatorClient& client, const Clock& clock, Duration tick, job::WorkerInfo info)
      : client(client),
        clock(clock),
        bell(clock, tick),
        health(clock),
        last_contact_(clock.steady_now()),
        info_(std::move(info)) {}

  CoordinatorClient& client;
  const Clock& clock;
  Bell bell;
  AttemptList attempts;
  UploadList uploads;
  std::mutex runs_mutex;  ///< Held while run folders come or go.
  MachineHealth health;
  std::atomic<bool> draining{false};  ///< No new trials.
  std::atomic<bool> ended{false};     ///< Every thread returns.

  /// Registers the worker as it is now, as far as it fits (announcement.h), with the leases that it holds.
  Status announce();
  /// Asks. A coordinator that does not know the worker, or not its lease (it may have been restored from a backup that
  /// is older), is told of both and asked again.
  template <typename Call>
  Status ask(Call call) {
    const Status answer = call();
    if (answer.code() != StatusCode::kNotFound && answer.code() != StatusCode::kAborted) return answer;
    if (const Status known = announce(); !known.ok()) return unavailable("register again: " + known.message());
    return call();
  }
  /// What the next announcement says is on disk.
  void set_on_disk(std::vector<job::BenchmarkOnDisk> benchmarks, std::vector<std::string> weights);
  /// The hashes of its data, as far as they are known.
  void set_data(job::DataStamps data);
  /// How its slots are now.
  void set_slots(std::vector<job::Slot> slots);
  /// That no slot takes trials any more.
  void set_draining();
  /// What its run folders take.
  void set_disk(const job::DiskUse& disk);
  /// And why no trial is taken; empty: they are.
  void set_aside(std::string reason);
  /// The trials with an open attempt, by fingerprint.
  std::set<std::string> fingerprints();
  /// Whether that differs from what the coordinator was told last.
  bool has_changed() const;
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
  bool say_left_out(const std::string& what);

  mutable std::mutex mutex_;  // guards all below
  SteadyTime last_contact_;
  bool connected_ = true;
  std::string problem_;  // why it does not answer, as said last
  SteadyTime said_;
  bool registered_ = false;
  job::WorkerInfo info_, announced_;
  std::string left_out_;  // of it when announced, as said last
  Terms terms_;
};

}  // namespace oodml::worker
