#pragma once

#include <httplib.h>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>

namespace oodml::coordinator::web {

/// A thread for each connection, as many as `most`: a connection may be a stream that stays open for hours, and in a
/// pool those would take the place of all others. What is over runs on the thread that accepts, with is_over_limit()
/// true there, and has to refuse at once.
class ConnectionThreads final : public httplib::TaskQueue {
 public:
  explicit ConnectionThreads(std::size_t most) : most_(most) {}

  void enqueue(std::function<void()> serve) override;
  /// Waits until every connection has ended; whoever stops the server hangs them up.
  void shutdown() override;
  static bool is_over_limit();

 private:
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t running_ = 0;  // guarded by mutex_
};

}  // namespace oodml::coordinator::web
