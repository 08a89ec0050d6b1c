#pragma once

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "coordinator/web/feed.h"
#include "coordinator/web/web_limits.h"
#include "core/base/result.h"

namespace oodml::coordinator::web {

/// Answers with server-sent events: `start`, what a feed says in batches, `heartbeat` with the time when there is
/// nothing, and `end` with a code and a message where the coordinator ends it. A reader that is too slow for the
/// connection's patience is dropped; it comes back and is told the whole present state.
class EventStreams {
 public:
  explicit EventStreams(StreamLimits limits) : limits_(limits) {}

  /// `is_welcome` is asked at least at each heartbeat. kResourceExhausted when too many are open.
  Status open(httplib::Response& response, const std::string& visitor, std::function<std::unique_ptr<Feed>()> feed,
              std::function<bool()> is_welcome);
  /// Ends all that are open and waits until their readers were told, for a second at most.
  void stop();

 private:
  class Stream;
  struct Place;
  Result<std::shared_ptr<Place>> take_place(const std::string& visitor);

  const StreamLimits limits_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // guards what follows
  std::condition_variable none_;
  std::size_t open_ = 0;
  std::map<std::string, std::size_t> of_visitor_;
};

}  // namespace oodml::coordinator::web
