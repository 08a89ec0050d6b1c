#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/service/sweep_views.h"
#include "core/base/ids.h"

namespace oodml::coordinator::telling {

/// What people are told of.
enum class NewsKind {
  kFinished,      ///< A sweep has no trial left to run.
  kFirstFailure,  ///< The first trial of a sweep has failed.
  kPaused,        ///< The coordinator paused a sweep itself: too many trials failed.
  kWorkerLost,    ///< A worker has not been heard of for the term of its leases.
  kDiskLow,       ///< The database's disk is almost full.
  kTest           ///< A person asked whether messages arrive.
};

inline constexpr NewsKind kAllNews[] = {NewsKind::kFinished, NewsKind::kFirstFailure, NewsKind::kPaused,
                                        NewsKind::kWorkerLost, NewsKind::kDiskLow};

/// finished, first_failure, paused, worker_lost, disk_low, test
const char* to_text(NewsKind kind);

/// One thing to tell; what it is not about is empty.
struct News {
  NewsKind kind = NewsKind::kTest;
  std::string text;                ///< A sentence for people.
  std::optional<SweepView> sweep;  ///< Of the first three kinds.
  std::string worker;              ///< Of kWorkerLost.
  std::vector<TrialId> running;    ///< What that worker had.
  std::string disk;                ///< Of kDiskLow: a folder on it.
  std::int64_t free_bytes = 0;
};

News finished(const SweepView& sweep);
News first_failure(const SweepView& sweep);
News paused(const SweepView& sweep);
News worker_lost(const std::string& worker, const std::vector<TrialId>& running);
News disk_low(const std::string& folder, std::int64_t free_bytes);
News test(const std::string& hook);

}  // namespace oodml::coordinator::telling
