#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace oodml::coordinator {

/// A sweep by id, or the newest of a name when `id` is 0.
struct SweepRef {
  SweepId id;
  std::string name;
};

struct StateCounts {
  std::int64_t queued = 0, running = 0, backoff = 0, paused = 0, succeeded = 0, failed = 0, cancelled = 0;
  friend bool operator==(const StateCounts&, const StateCounts&) = default;
};

struct SweepView {
  SweepId id;
  std::string name;
  std::string state;  ///< running, paused, finished, cancelled
  Time created{};
  std::optional<Time> finished;
  std::int64_t trials = 0;
  StateCounts counts;
  std::int64_t priority = 0;
  std::string owner;              ///< The token's name; empty: submitted where nobody is asked for tokens.
  std::int64_t max_parallel = 0;  ///< Trials at once; 0: no limit.
  std::int64_t max_failures = 0;  ///< Failed trials with which it is paused; 0: never.
  std::string paused_because;     ///< When the coordinator paused it itself.
  std::optional<Time> archived;   ///< Since when nobody lists or changes it.
};

struct SweepPage {
  std::vector<SweepView> sweeps;
  std::int64_t next_before = 0;
};

}  // namespace oodml::coordinator
