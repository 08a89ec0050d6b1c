#include "coordinator/submission/watch_hub.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "coordinator/store/sweep_table.h"
#include "coordinator/store/view_table.h"

namespace oodml::coordinator::submission {
namespace {

constexpr std::size_t kMostNotices = 100'000;
constexpr std::int64_t kPage = 1000;

}  // namespace

/// Its fields but `gone` are used by the hub's thread only, after it was added.
struct WatchHub::Watcher {
  SweepId sweep;
  TrialId only;  ///< 0: every trial of the sweep
  std::unordered_set<TrialId> trials;
  Deliver deliver;
  bool greeted = false;
  SweepView told;
  std::recursive_mutex delivering;  // guards gone; held while deliver runs, which may end the subscription
  bool gone = false;

  void give(WatchItem item) {
    const std::lock_guard lock(delivering);
    if (!gone) deliver(std::move(item));
  }
  bool has_gone() {
    const std::lock_guard lock(delivering);
    return gone;
  }
};

class WatchHub::Handle final : public Sweeps::Subscription {
 public:
  Handle(std::shared_ptr<Watcher> watcher, std::shared_ptr<Open> open)
      : watcher_(std::move(watcher)), open_(std::move(open)) {
    ++*open_;
  }
  ~Handle() override {
    --*open_;
    const std::lock_guard lock(watcher_->delivering);  // a delivery under way ends first
    watcher_->gone = true;
  }

 private:
  const std::shared_ptr<Watcher> watcher_;
  const std::shared_ptr<Open> open_;
};

WatchHub::WatchHub(store::JobStore& store) : store_(store), thread_([this] { loop(); }) {}

WatchHub::~WatchHub() { stop(); }

void WatchHub::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<std::unique_ptr<Sweeps::Subscription>> WatchHub::watch(const SweepRef& sweep, TrialId trial, Deliver deliver) {
  auto watcher = std::make_shared<Watcher>();
  watcher->only = trial;
  watcher->deliver = std::move(deliver);
  OODML_ASSIGN_OR_RETURN(watcher->sweep, store_.read([&](store::Connection& database) -> Result<SweepId> {
    const bool by_trial = trial.value != 0 && sweep.id.value == 0 && sweep.name.empty();
    if (!by_trial) return store::find_sweep(database, sweep);
    const std::vector<SweepId> sweeps = store::sweeps_of(database, trial);
    if (sweeps.empty()) return not_found("no trial " + std::to_string(trial.value));
    return sweeps.front();
  }));
  OODML_ASSIGN_OR_RETURN(const auto trials, store_.read([&](store::Connection& database) {
    return Result<std::vector<TrialId>>(store::trials_of(database, watcher->sweep));
  }));
  for (const TrialId one : trials) {
    if (trial.value == 0 || one == trial) watcher->trials.insert(one);
  }
  if (watcher->trials.empty() && trial.value != 0) {
    return not_found("sweep " + std::to_string(watcher->sweep.value) + " has no trial " + std::to_string(trial.value));
  }
  // What people see first does not wait until others have been told of all their trials.
  OODML_RETURN_IF_ERROR(deliver_sweep(*watcher));
  {
    const std::lock_guard lock(mutex_);
    watchers_.push_back(watcher);
    new_watcher_ = true;
  }
  wake_.notify_all();
  return std::make_unique<Handle>(std::move(watcher), open_);
}

void WatchHub::add_notice(Notice notice) {
  if (overflowed_) return;
  if (notices_.size() < kMostNotices) return notices_.push_back(std::move(notice));
  notices_.clear();
  overflowed_ = true;
}

void WatchHub::trials_changed(const std::vector<store::Situation>& situations) {
  {
    const std::lock_guard lock(mutex_);
    if (watchers_.empty() || stopping_) return;
    for (const store::Situation& situation : situations) add_notice(situation.trial);
  }
  wake_.notify_all();
}

void WatchHub::events_stored(std::vector<job::Event> events) {
  {
    const std::lock_guard lock(mutex_);
    if (watchers_.empty() || stopping_) return;
    for (job::Event& event : events) add_notice(std::move(event));
  }
  wake_.notify_all();
}

void WatchHub::loop() {
  using namespace std::chrono;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait(lock, [this] { return stopping_ || new_watcher_ || overflowed_ || !notices_.empty(); });
    if (stopping_) return;
    std::erase_if(watchers_, [](const std::shared_ptr<Watcher>& watcher) {
      const std::lock_guard guard(watcher->delivering);
      return watcher->gone;
    });
    const std::vector<std::shared_ptr<Watcher>> watchers = watchers_;
    const std::vector<Notice> notices = std::exchange(notices_, {});
    const bool resync = std::exchange(overflowed_, false);
    new_watcher_ = false;
    lock.unlock();
    const auto start = steady_clock::now();
    const bool served = serve(watchers, notices, resync);
    const auto usual = std::min<steady_clock::duration>(3 * (steady_clock::now() - start), seconds(1));
    const auto pause = served ? usual : seconds(1);
    lock.lock();
    if (!served) new_watcher_ = true;
    // Watching takes at most a quarter of a core from the coordinator; a stop ends the pause.
    wake_.wait_for(lock, pause, [this] { return stopping_; });
  }
}

bool WatchHub::serve(const std::vector<std::shared_ptr<Watcher>>& watchers, const std::vector<Notice>& notices,
                     bool resync) {
  bool all = true;
  for (const std::shared_ptr<Watcher>& watcher : watchers) {
    const bool changes_only = !resync && watcher->greeted;
    const Status status = changes_only ? deliver_changes(*watcher, notices) : deliver_present(*watcher);
    if (!status.ok()) spdlog::error("watch of sweep {}, to be told again: {}", watcher->sweep.value, status.message());
    watcher->greeted = status.ok();
    all = all && status.ok();
  }
  return all;
}

Status WatchHub::deliver_sweep(Watcher& watcher) {
  auto view = store_.read([&](store::Connection& database) -> Result<SweepView> {
    return store::read_sweep_view(database, watcher.sweep);
  });
  if (!view) return view.error();
  if (view->id.value == 0) return {};  // it was deleted
  const bool same =
      watcher.told.id == view->id && watcher.told.counts == view->counts && watcher.told.state == view->state;
  if (same) return {};
  watcher.told = *view;
  watcher.give(*std::move(view));
  return {};
}

Status WatchHub::deliver_present(Watcher& watcher) {
  if (watcher.greeted) watcher.told = {};
  OODML_RETURN_IF_ERROR(deliver_sweep(watcher));
  if (watcher.only.value != 0) return deliver_trials(watcher, {watcher.only});
  for (TrialId after;;) {
    auto views = store_.read([&](store::Connection& database) -> Result<std::vector<store::StoredTrialView>> {
      return store::read_trial_views(database, watcher.sweep, {}, kPage, after.value);
    });
    if (!views) return views.error();
    if (views->empty() || watcher.has_gone()) return {};
    after = views->back().view.id;
    live_->complete(*views);
    for (store::StoredTrialView& stored : *views) watcher.give(std::move(stored.view));
  }
}

Status WatchHub::deliver_trials(Watcher& watcher, const std::vector<TrialId>& trials) {
  auto views = store_.read([&](store::Connection& database) -> Result<std::vector<store::StoredTrialView>> {
    std::vector<store::StoredTrialView> views;
    for (const TrialId trial : trials) {
      if (auto view = store::read_trial_view(database, trial, watcher.sweep)) views.push_back(*std::move(view));
    }
    return views;
  });
  if (!views) return views.error();
  live_->complete(*views);
  for (store::StoredTrialView& stored : *views) watcher.give(std::move(stored.view));
  return {};
}

Status WatchHub::deliver_changes(Watcher& watcher, const std::vector<Notice>& notices) {
  bool trials_changed = false;
  std::vector<TrialId> changed;  // since the last event, so that trials and events keep their order
  const auto flush = [&]() -> Status {
    return changed.empty() ? Status() : deliver_trials(watcher, std::exchange(changed, {}));
  };
  for (const Notice& notice : notices) {
    if (const auto* trial = std::get_if<TrialId>(&notice)) {
      if (!watcher.trials.contains(*trial)) continue;
      if (std::find(changed.begin(), changed.end(), *trial) == changed.end()) changed.push_back(*trial);
      trials_changed = true;
    } else if (const auto& event = std::get<job::Event>(notice); watcher.trials.contains(event.trial)) {
      OODML_RETURN_IF_ERROR(flush());
      watcher.give(event);
    }
  }
  OODML_RETURN_IF_ERROR(flush());
  return trials_changed ? deliver_sweep(watcher) : Status();
}

}  // namespace oodml::coordinator::submission
