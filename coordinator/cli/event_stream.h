#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "coordinator/cli/client.h"

namespace oodml::cli {

/// WatchEvents as a queue that is filled by a thread of its own. A lost connection is taken up again, with pauses
/// that grow to five seconds; the coordinator then tells the newest state of everything anew.
class EventStream {
 public:
  EventStream(Client& client, v1::WatchEventsRequest request);
  ~EventStream();  ///< Ends the call at once.

  struct Batch {
    std::vector<v1::WatchEventsReply> messages;
    std::string connection;       ///< Empty, or what is wrong with it now.
    std::optional<Status> fatal;  ///< The call cannot succeed: no such sweep, not allowed.
  };
  /// What has come since the last call; waits for something at most `patience`.
  Batch next(std::chrono::milliseconds patience);

 private:
  void read_until_stopped();
  grpc::Status read_once();
  bool deliver(v1::WatchEventsReply message);
  /// False when the stream is to end.
  bool pause(std::chrono::milliseconds length);

  Client& client_;
  const v1::WatchEventsRequest request_;
  std::mutex mutex_;  ///< Guards all below but the thread.
  std::condition_variable changed_;
  std::deque<v1::WatchEventsReply> messages_;
  std::string connection_;
  std::optional<Status> fatal_;
  bool stopping_ = false;
  bool got_something_ = false;
  grpc::ClientContext* call_ = nullptr;  ///< The call under way.
  std::thread reader_;
};

}  // namespace oodml::cli
