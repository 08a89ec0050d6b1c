#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/scheduling/changes.h"
#include "coordinator/store/job_store.h"
#include "coordinator/telling/news.h"

namespace oodml::coordinator::telling {

/// What is to be told of a sweep, with its flags in the database (store::Told) as they were and will be.
struct SweepNews {
  SweepId sweep;
  std::int64_t told_before = 0, told_after = 0;
  std::vector<News> news;
};

/// Finds what there is to tell. Of sweeps by the database: what is told is noted there in the same transaction as the
/// message, so a kill in between loses nothing. Of workers and the disk by how they are now, against how they were.
class Lookout final : public scheduling::ChangeListener {
 public:
  using FreeBytes = std::function<std::optional<std::int64_t>()>;

  /// `free_bytes` of the disk that holds the database; nullopt: not known.
  Lookout(store::JobStore& store, FreeBytes free_bytes) : store_(store), free_bytes_(std::move(free_bytes)) {}

  void trials_changed(const std::vector<store::Situation>& situations) override;
  void events_stored(std::vector<job::Event>) override {}

  /// Of sweeps whose trials changed since the last time; the first time, and after a failure, of all that are not over.
  Result<std::vector<SweepNews>> of_sweeps();
  /// What was found could not be noted: it is to be found again.
  void look_again();
  /// Each lost worker once, until it was heard of again.
  std::vector<News> of_workers(const std::vector<WorkerView>& workers);
  /// Once when it is below kLowDisk, and again only after it had a half more.
  std::vector<News> of_disk();

  static constexpr std::int64_t kLowDisk = std::int64_t{2} << 30;

 private:
  store::JobStore& store_;
  const FreeBytes free_bytes_;
  std::mutex mutex_;  // guards the next two; the rest is of one thread
  std::set<TrialId> changed_;
  bool look_at_all_ = true;
  std::map<WorkerId, std::string> states_;
  bool disk_is_low_ = false;
};

}  // namespace oodml::coordinator::telling
