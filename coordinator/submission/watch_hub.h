#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_set>
#include <variant>
#include <vector>

#include "coordinator/scheduling/changes.h"
#include "coordinator/service/sweep_views.h"
#include "coordinator/service/sweeps.h"
#include "coordinator/service/watch_item.h"
#include "coordinator/store/job_store.h"

namespace oodml::coordinator::submission {

/// Tells watchers what became durable. One thread reads the present views and delivers them, so the writer only
/// appends to a bounded list; when that overflows, watchers get the whole present state again instead of what was
/// dropped. A trial that changed twice between two rounds is told once, as it is then.
class WatchHub final : public scheduling::ChangeListener {
 public:
  using Deliver = std::function<void(WatchItem)>;

  explicit WatchHub(store::JobStore& store);
  ~WatchHub() override;

  /// `live` completes the views; set once before the first watcher comes.
  void set_live(scheduling::LiveView& live) { live_ = &live; }
  /// Delivers nothing any more; notices are dropped.
  void stop();

  /// A watcher of a sweep, or of one trial (0: all of them).
  Result<std::unique_ptr<Sweeps::Subscription>> watch(const SweepRef& sweep, TrialId trial, Deliver deliver);

  /// Subscriptions that are open.
  std::int64_t watchers() const { return *open_; }

  void trials_changed(const std::vector<store::Situation>& situations) override;
  void events_stored(std::vector<job::Event> events) override;

 private:
  struct Watcher;
  class Handle;
  using Open = std::atomic<std::int64_t>;
  using Notice = std::variant<TrialId, job::Event>;

  void loop();
  /// False when one of them has to be served again.
  bool serve(const std::vector<std::shared_ptr<Watcher>>& watchers, const std::vector<Notice>& notices, bool resync);
  // What cannot be read (a reader is not free in time) is an error: the watcher then gets the present state later.
  Status deliver_present(Watcher& watcher);
  Status deliver_changes(Watcher& watcher, const std::vector<Notice>& notices);
  Status deliver_trials(Watcher& watcher, const std::vector<TrialId>& trials);
  Status deliver_sweep(Watcher& watcher);
  void add_notice(Notice notice);

  store::JobStore& store_;
  scheduling::LiveView* live_ = nullptr;
  const std::shared_ptr<Open> open_ = std::make_shared<Open>(0);  ///< A handle may outlive the hub.

  std::mutex mutex_;  // guards everything below but thread_
  std::condition_variable wake_;
  std::vector<std::shared_ptr<Watcher>> watchers_;
  std::vector<Notice> notices_;
  bool overflowed_ = false;
  bool new_watcher_ = false;  ///< or one that could not be served
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace oodml::coordinator::submission
