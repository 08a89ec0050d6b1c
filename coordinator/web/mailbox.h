#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"

namespace oodml::coordinator::web {

/// One message of a stream: {"event", its JSON}.
struct StreamMessage {
  std::string event;
  std::string json;
};

/// What a page still has to be told. Of one thing only the newest is kept, so who takes rarely is told less, not later.
/// Thread-safe.
class Mailbox {
 public:
  /// `about` names the thing; empty: kept beside all others.
  void push(const std::string& about, StreamMessage message);
  /// Nothing comes any more, and why; what is there can still be taken. The first end counts.
  void end(Status status);
  /// What is there, oldest first; waits for something at most `patience`.
  std::vector<StreamMessage> take(Duration patience);
  /// Why nothing comes any more, once everything was taken.
  std::optional<Status> ended() const;
  std::size_t size() const;

 private:
  using Messages = std::list<StreamMessage>;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Messages messages_;  // guarded by mutex_, as what follows
  std::map<std::string, Messages::iterator> newest_;
  std::optional<Status> end_;
};

}  // namespace oodml::coordinator::web
