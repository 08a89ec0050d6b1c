#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/cli/output/style.h"
#include "coordinator/cli/top/top_model.h"
#include "coordinator/cli/top/top_view.h"

namespace oodml::cli {

/// Those that run first, then as the order says.
std::vector<const v1::SweepSummary*> sorted_sweeps(const TopModel& model, TopOrder order);

// The sections of `oodml top`: a line of titles, then a line for each.
std::vector<std::string> sweep_lines(const TopModel& model, const std::vector<const v1::SweepSummary*>& sweeps,
                                     const Style& style);
std::vector<std::string> worker_lines(const std::vector<const v1::WorkerSummary*>& workers, const Style& style);
std::vector<std::string> queue_lines(const v1::ListSharesReply& shares, const Style& style);
std::vector<std::string> failure_lines(const std::vector<SeenFailure>& failures, std::int64_t now_millis,
                                       const Style& style);

}  // namespace oodml::cli
