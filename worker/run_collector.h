#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "core/base/clock.h"
#include "core/job/lease.h"

namespace oodml::worker {

/// The trials that have an open attempt here, by fingerprint.
struct RunsInUse {
  std::mutex& mutex;  ///< Held while run folders come or go: none goes from under an attempt that begins.
  std::function<std::set<std::string>()> fingerprints;
};

/// What one pass over the run folders came to.
struct Collected {
  std::int64_t trials = 0;  ///< Whose folders went.
  std::int64_t bytes = 0;   ///< That they took.
};

/// Removes run folders of trials that nobody needs on this machine any more: their newest attempt has ended, all that
/// was owed to the coordinator is there, no other attempt could want to go on from what lies here alone, and they are
/// as old as `keep`. Folders of trials in use stay whatever they hold, and so do those without a word how they ended (a
/// power cut, an earlier version) that hold a checkpoint and no result. Only folders that look like ours are touched.
Collected collect_runs(const std::filesystem::path& runs, Duration keep, Time now, const RunsInUse& in_use);

/// What the run folders take: each file once, however many names it has. nullopt: they cannot be listed.
std::optional<job::DiskUse> measure_runs(const std::filesystem::path& runs);

}  // namespace oodml::worker
