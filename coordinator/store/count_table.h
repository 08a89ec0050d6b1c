#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/service/sweep_views.h"
#include "coordinator/store/sqlite.h"
#include "core/job/sweep_plan.h"

namespace oodml::coordinator::store {

// What is known of a sweep's trials without looking at each: how many are in which state, and at which label.

/// A sweep's members, a trial as often as cells of the matrix share it.
struct SweepCounts {
  std::int64_t trials = 0;
  StateCounts states;
  std::int64_t to_run = 0, to_pause = 0;  ///< Not over, and wanted by this sweep, now or later.
  std::int64_t leaving = 0;               ///< Run on although no sweep wants them, until their worker hears of it.
  std::optional<Time> newest_end;         ///< When the newest of its trials had ended; it never goes back.
};
SweepCounts read_counts(Connection& database, SweepId sweep);
/// With the sweep itself.
void forget_counts(Connection& database, SweepId sweep);

/// The column `axes` of a sweep: names, labels in the file's order, and how many trials stand at each.
std::string axes_text(const std::vector<job::AxisCount>& axes);
std::vector<job::AxisCount> parse_axes(const std::string& text);

/// Migration 12: earlier versions did not store how many trials stand at a label.
void count_axes_of_all(Connection& database);

}  // namespace oodml::coordinator::store
