#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/figure_words.h"
#include "coordinator/cli/report/options.h"
#include "core/statistics/interval.h"

namespace oodml::cli::report {

/// What the runs of a group say of a figure. NaN where n is too small.
struct Summary {
  std::size_t n = 0, expected = 0;  ///< Runs that have it, and all of the group.
  double mean = std::numeric_limits<double>::quiet_NaN();
  double deviation = std::numeric_limits<double>::quiet_NaN();  ///< By ReportOptions::spread; of one run none.
  double interquartile_mean = std::numeric_limits<double>::quiet_NaN();
  statistics::Interval student, bootstrap;  ///< 95 % of the mean.
};

/// NaN among the values are runs without it.
Summary summary_of(const std::vector<double>& values, std::size_t expected, Spread spread);

/// "63.30 ± 0.31": mean and standard deviation; of one run "63.30", of none "-".
std::string mean_text(const Summary& summary, Unit unit);
/// "[62.92, 63.68]", "-" of one run.
std::string interval_text(const statistics::Interval& interval, Unit unit);
/// "4/5".
std::string count_text(std::size_t n, std::size_t expected);
/// "standard deviation over the runs", "of a sample (n - 1)".
std::string spread_words(Spread spread);
/// The interval that people asked for.
const statistics::Interval& chosen_interval(const Summary& summary, Interval interval);

/// A row of the table that reviewers ask for: whose figure it is, and its summary.
struct SummaryRow {
  std::vector<std::string> cells;  ///< As many as `heading` names.
  Summary summary;
  Unit unit;
};

/// Mean, standard deviation, both intervals, interquartile mean and n of every row.
Table summary_table(std::string name, std::string caption, const std::vector<std::string>& heading,
                    const std::vector<SummaryRow>& rows, Spread spread);

}  // namespace oodml::cli::report
