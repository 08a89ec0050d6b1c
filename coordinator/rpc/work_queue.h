#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace oodml::coordinator::rpc {

/// A few threads for calls that read the database or expand sweeps: gRPC runs handlers on very few threads of its own,
/// and a slow one there would hold up heartbeats.
class WorkQueue {
 public:
  WorkQueue(int threads, std::size_t max_waiting);
  ~WorkQueue() { stop(); }
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  /// False when `max_waiting` pieces of work wait already; `work` is dropped then.
  [[nodiscard]] bool post(std::function<void()> work);
  /// Runs what waits, then ends the threads; nothing may be posted any more.
  void stop();

 private:
  void run();

  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;  // guarded by mutex_
  bool ending_ = false;                        // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace oodml::coordinator::rpc
