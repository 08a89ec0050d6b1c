#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "core/base/clock.h"
#include "core/job/lease.h"
#include "worker/run_collector.h"

namespace oodml::worker {

/// Collects old run folders and measures the others, on a thread of its own: a walk over what years of trials left may
/// take minutes.
class RunKeeper {
 public:
  /// `keep`: how long a run folder stays that is not needed; nullopt: for ever.
  RunKeeper(std::filesystem::path runs, std::optional<Duration> keep, RunsInUse in_use, const Clock& clock,
            Duration every = std::chrono::minutes(1));
  RunKeeper(const RunKeeper&) = delete;
  RunKeeper& operator=(const RunKeeper&) = delete;

  /// nullopt: not measured yet. Stays the same while it changes little, as each change is announced.
  std::optional<job::DiskUse> use() const;

 private:
  void keep_watch(const std::stop_token& stop);
  void look();

  const std::filesystem::path runs_;
  const std::optional<Duration> keep_;
  const RunsInUse in_use_;
  const Clock& clock_;
  const Duration every_;
  mutable std::mutex mutex_;          // guards use_
  std::condition_variable_any wake_;  // when the thread is to end
  std::optional<job::DiskUse> use_;
  std::jthread thread_;
};

}  // namespace oodml::worker
