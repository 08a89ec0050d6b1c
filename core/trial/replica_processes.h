#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/job/event.h"

namespace oodml::trial {

/// The other processes of a trial that trains on several devices, started and watched by the first one. They are this
/// program again, ignore SIGTERM, SIGHUP and Ctrl-C (the first one decides when the trial stops) and never outlive it:
/// the kernel kills them when it dies, the destructor when it ends.
class ReplicaProcesses {
 public:
  /// How long the first replica may take to notice by itself that another is gone.
  static constexpr Duration kGrace = std::chrono::seconds(5);
  using OnLost = std::function<void(const job::Failed&)>;

  /// Starts this program with each of `arguments`. `reports` is a folder of the trial's own, emptied here and removed
  /// in the end, where a replica that fails writes why (write_report). When one has failed and this object is still
  /// there kGrace later, `on_lost` is called on another thread: the first replica may be waiting for a GPU that will
  /// never answer.
  static Result<std::unique_ptr<ReplicaProcesses>> start(const std::vector<std::vector<std::string>>& arguments,
                                                         std::filesystem::path reports, OnLost on_lost);
  ~ReplicaProcesses();  ///< Kills those that still run, and waits for them.
  ReplicaProcesses(const ReplicaProcesses&) = delete;
  ReplicaProcesses& operator=(const ReplicaProcesses&) = delete;

  /// Why a replica was lost; waits up to kGrace for one to end. nullopt: none did.
  std::optional<job::Failed> cause();

 private:
  struct Child {
    pid_t pid = -1;
    int watch = -1;  ///< A descriptor that becomes readable when the child ends.
    std::optional<int> status;
  };

  ReplicaProcesses(std::filesystem::path reports, OnLost on_lost);
  Status launch(const std::vector<std::string>& arguments);
  void watch();
  /// Takes the status of children that ended, for at most so long; forever when nullopt. False when told to end.
  bool wait_for_change(std::optional<Duration> at_most);
  bool any_lost() const;
  std::optional<job::Failed> worst() const;

  std::filesystem::path reports_;
  OnLost on_lost_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Child> children_;  ///< Replica i at i - 1. The statuses are guarded by mutex_.
  int wake_ = -1;                ///< An eventfd: the watching thread is to end.
  std::thread watcher_;
};

/// Where replica `number` says why it failed, and how.
void write_report(const std::filesystem::path& reports, std::int64_t number, const job::Failed& failure);

}  // namespace oodml::trial
