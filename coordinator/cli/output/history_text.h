#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/cli/output/json.h"
#include "coordinator/cli/output/style.h"
#include "oodml/v1/sweeps.pb.h"

namespace oodml::cli {

/// Attempts of a trial that belong together: from the first, or from when it was run again, to a result or to now.
struct RunOfTrial {
  std::vector<v1::Attempt> attempts;
  std::vector<v1::Metric> best;  ///< Best values of its success; empty: it has none (yet).
  bool counts = false;           ///< The newest: results and tables are made of it.
  /// The sweep that was submitted between the run before and this one, which so asked for it; 0: none is known. The
  /// coordinator keeps no note of `oodml retry` or of data that changed.
  std::int64_t asked_by_sweep = 0;
};

/// Oldest first. `sweeps` are those that have the trial.
std::vector<RunOfTrial> runs_of(const v1::GetTrialReply& reply, const std::vector<v1::SweepSummary>& sweeps);

/// `oodml history TRIAL`.
std::string history_text(const v1::GetTrialReply& reply, const std::vector<v1::SweepSummary>& sweeps,
                         std::int64_t now_millis, const Style& style);
Json history_json(const v1::GetTrialReply& reply, const std::vector<v1::SweepSummary>& sweeps);

}  // namespace oodml::cli
