#include "coordinator/cli/report/summary.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/statistics/bootstrap.h"
#include "core/statistics/interquartile_mean.h"
#include "core/statistics/moments.h"

namespace oodml::cli::report {

Summary summary_of(const std::vector<double>& values, std::size_t expected, Spread spread) {
  Summary summary{.expected = expected, .mean = statistics::mean(values)};
  summary.student = statistics::t_interval(values);
  summary.bootstrap = statistics::bootstrap_interval(values);
  summary.n = summary.student.n;
  summary.interquartile_mean = statistics::interquartile_mean(values);
  if (summary.n >= 2) {
    const bool of_all = spread == Spread::kPopulation;
    summary.deviation = statistics::standard_deviation(
        values, of_all ? statistics::Deviation::kPopulation : statistics::Deviation::kSample);
  }
  return summary;
}

std::string mean_text(const Summary& summary, Unit unit) {
  if (std::isnan(summary.deviation)) return number_text(summary.mean, unit);
  return number_text(summary.mean, unit) + " ± " + number_text(summary.deviation, unit);
}

std::string interval_text(const statistics::Interval& interval, Unit unit) {
  if (std::isnan(interval.low)) return "-";
  return "[" + number_text(interval.low, unit) + ", " + number_text(interval.high, unit) + "]";
}

std::string count_text(std::size_t n, std::size_t expected) { return fmt::format("{}/{}", n, expected); }

std::string spread_words(Spread spread) {
  return spread == Spread::kPopulation ? "standard deviation over the runs"
                                       : "standard deviation of a sample of runs (n - 1)";
}

const statistics::Interval& chosen_interval(const Summary& summary, Interval interval) {
  return interval == Interval::kStudent ? summary.student : summary.bootstrap;
}

Table summary_table(std::string name, std::string caption, const std::vector<std::string>& heading,
                    const std::vector<SummaryRow>& rows, Spread spread) {
  Table table{
      .name = std::move(name), .caption = std::move(caption), .align = std::string(heading.size(), 'l') + "rrrrrr"};
  table.caption += ". Shares in %; std: " + spread_words(spread) +
                   "; intervals of the mean: 95 %, by Student's t and by resampling (percentiles)";
  table.heading = heading;
  for (const char* words : {"mean", "std", "95 % t", "95 % bootstrap", "IQM", "n"}) table.heading.emplace_back(words);
  for (const SummaryRow& row : rows) {
    const Summary& summary = row.summary;
    std::vector<std::string> cells = row.cells;
    for (const double value : {summary.mean, summary.deviation}) cells.push_back(number_text(value, row.unit));
    cells.push_back(interval_text(summary.student, row.unit));
    cells.push_back(interval_text(summary.bootstrap, row.unit));
    cells.push_back(number_text(summary.interquartile_mean, row.unit));
    cells.push_back(count_text(summary.n, summary.expected));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace oodml::cli::report
