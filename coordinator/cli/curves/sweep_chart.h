#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "coordinator/cli/curves/chart.h"
#include "coordinator/cli/curves/figures_of_trial.h"
#include "core/base/result.h"

namespace oodml::cli::curves {

/// A row of the table of results, and what its trials have measured so far. Those that failed or were cancelled are
/// none of its means, as in the table.
struct SweepRow {
  std::vector<std::pair<std::string, std::string>> labels;  ///< Of the axes of the rows, in their order.
  std::vector<const TrialFigures*> trials;
  std::size_t expected = 0;  ///< Trials of the row, whatever became of them.
};

struct SweepFigures {
  v1::SweepSummary sweep;
  std::vector<SweepRow> rows;          ///< Those that are drawn.
  std::size_t rows_there = 0;          ///< All.
  std::vector<std::int64_t> left_out;  ///< Trials of the rows that failed or were cancelled.
};

/// A panel a series, in it a curve a row: at each epoch the mean over the row's trials that have been there, so that a
/// row of a running sweep may change its n within a curve; the legend tells it. A value that is no number makes the
/// mean none.
Result<Chart> sweep_chart(const SweepFigures& figures, const std::vector<std::string>& metrics);

}  // namespace oodml::cli::curves
