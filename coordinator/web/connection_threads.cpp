#include "coordinator/web/connection_threads.h"

#include <system_error>
#include <thread>
#include <utility>

namespace oodml::coordinator::web {
namespace {

thread_local bool over_limit = false;

}  // namespace

void ConnectionThreads::enqueue(std::function<void()> serve) {
  bool fits = false;
  {
    const std::lock_guard lock(mutex_);
    fits = running_ < most_;
    if (fits) ++running_;
  }
  const auto ended = [this] {
    const std::lock_guard lock(mutex_);
    --running_;
    none_.notify_all();  // under the lock: shutdown() may be the last to look at this object
  };
  if (fits) {
    try {
      std::thread([serve, ended] {
        serve();
        ended();
      }).detach();
      return;
    } catch (const std::system_error&) {  // the machine has no thread left
      ended();
    }
  }
  over_limit = true;
  serve();
  over_limit = false;
}

void ConnectionThreads::shutdown() {
  std::unique_lock lock(mutex_);
  none_.wait(lock, [this] { return running_ == 0; });
}

bool ConnectionThreads::is_over_limit() { return over_limit; }

}  // namespace oodml::coordinator::web
