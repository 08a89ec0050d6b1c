#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "coordinator/store/job_store.h"
#include "coordinator/store/outbox_table.h"
#include "coordinator/telling/hooks.h"
#include "coordinator/telling/lookout.h"
#include "coordinator/telling/post.h"
#include "core/base/clock.h"

namespace oodml::coordinator::telling {

/// Tells hooks what the lookout finds: into the outbox first, then out, each hook in order, at least once. What a
/// receiver does not take is tried again after seconds, then minutes, at most an hour, for three days. Hooks that are
/// down hold up nobody but themselves. `round` does all of it once; a program runs it on a thread of its own (`start`),
/// tests call it.
class Teller {
 public:
  using Workers = std::function<std::vector<WorkerView>()>;

  Teller(store::JobStore& store, Clock& clock, Lookout& lookout, Workers workers, std::unique_ptr<Post> post);
  ~Teller() { stop(); }

  void set_hooks(std::vector<Hook> hooks);
  void start();
  /// Ends the thread; what is in the outbox goes out after the next start.
  void stop();

  void round();

 private:
  struct Pause {
    std::chrono::steady_clock::time_point until;
    Duration length{};
  };

  void look();
  bool slow_look_is_due();
  void put(const std::vector<News>& news, const SweepNews& noted);
  void deliver(const store::OutgoingMessage& message);
  void failed(const store::OutgoingMessage& message, const Status& why);
  void drop(const store::OutgoingMessage& message, const std::string& why);
  std::optional<Hook> hook(const std::string& name);
  void loop();

  store::JobStore& store_;
  Clock& clock_;
  Lookout& lookout_;
  const Workers workers_;
  const std::unique_ptr<Post> post_;
  // Of the round's thread:
  std::map<std::string, Pause> pauses_;  ///< of hooks that did not take their message
  std::chrono::steady_clock::time_point next_slow_look_{};

  std::mutex mutex_;  // guards the next two
  std::condition_variable wake_;
  bool stopping_ = false;
  std::vector<Hook> hooks_;
  std::thread thread_;
};

}  // namespace oodml::coordinator::telling
