#include "coordinator/telling/lookout.h"

#include "coordinator/store/outbox_table.h"
#include "coordinator/store/sweep_table.h"
#include "coordinator/store/view_table.h"

namespace oodml::coordinator::telling {
namespace {

constexpr std::size_t kMostChanged = 10'000;  // beyond it, all sweeps are looked at

/// What the flags are for a sweep as it is; those of what may happen again are taken back.
SweepNews news_of(store::Connection& database, SweepId id) {
  const SweepView sweep = store::read_sweep_view(database, id);
  SweepNews found{.sweep = id, .told_before = store::told_of(database, id)};
  found.told_after = found.told_before;
  const auto tell = [&](bool holds, std::int64_t flag, auto make) {
    if (holds && !(found.told_before & flag)) found.news.push_back(make(sweep));
    found.told_after = holds ? found.told_after | flag : found.told_after & ~flag;
  };
  tell(sweep.counts.failed > 0, store::kToldFailure, first_failure);
  tell(sweep.state == "paused" && !sweep.paused_because.empty(), store::kToldPaused, paused);
  tell(sweep.state == "finished", store::kToldFinished, finished);
  // A person who cancelled a sweep knows it.
  if (sweep.state == "cancelled") found.told_after |= store::kToldFinished;
  return found;
}

}  // namespace

void Lookout::trials_changed(const std::vector<store::Situation>& situations) {
  const std::lock_guard lock(mutex_);
  for (const store::Situation& situation : situations) {
    if (situation.state != job::TrialState::kRunning) changed_.insert(situation.trial);
  }
  if (changed_.size() <= kMostChanged) return;
  changed_.clear();
  look_at_all_ = true;
}

Result<std::vector<SweepNews>> Lookout::of_sweeps() {
  std::set<TrialId> changed;
  bool all = false;
  {
    const std::lock_guard lock(mutex_);
    changed.swap(changed_);
    std::swap(all, look_at_all_);
  }
  if (changed.empty() && !all) return std::vector<SweepNews>{};
  auto found = store_.read([&](store::Connection& database) -> Result<std::vector<SweepNews>> {
    std::set<SweepId> sweeps;
    const auto add = [&](const std::vector<SweepId>& more) { sweeps.insert(more.begin(), more.end()); };
    if (all) add(store::sweeps_not_told(database));
    for (const TrialId trial : changed) add(store::sweeps_of(database, trial));
    std::vector<SweepNews> news;
    for (const SweepId sweep : sweeps) {
      SweepNews of_sweep = news_of(database, sweep);
      if (of_sweep.told_before != of_sweep.told_after) news.push_back(std::move(of_sweep));
    }
    return news;
  });
  if (!found) look_again();
  return found;
}

void Lookout::look_again() {
  const std::lock_guard lock(mutex_);
  look_at_all_ = true;
}

std::vector<News> Lookout::of_workers(const std::vector<WorkerView>& workers) {
  std::vector<News> news;
  std::map<WorkerId, std::string> states;
  for (const WorkerView& worker : workers) {
    const auto before = states_.find(worker.info.id);
    const bool was_there = before != states_.end() && before->second != "lost";
    if (worker.state == "lost" && was_there) news.push_back(worker_lost(worker.info.id.value, worker.running));
    states.emplace(worker.info.id, worker.state);
  }
  states_ = std::move(states);
  return news;
}

std::vector<News> Lookout::of_disk() {
  const std::optional<std::int64_t> free = free_bytes_();
  if (!free) return {};
  if (disk_is_low_) {
    disk_is_low_ = *free < kLowDisk + kLowDisk / 2;
    return {};
  }
  disk_is_low_ = *free < kLowDisk;
  if (!disk_is_low_) return {};
  return {disk_low(store_.path().parent_path().string(), *free)};
}

}  // namespace oodml::coordinator::telling
