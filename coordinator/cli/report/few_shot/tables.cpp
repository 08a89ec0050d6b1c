#include "coordinator/cli/report/few_shot/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace oodml::cli::report::few_shot {
namespace {

std::string fid_text(const std::optional<double>& fid) { return fid ? fmt::format("{:.1f}", *fid) : "-"; }

std::string name_of(const std::string& metric, const char* what) {
  return "few_shot_" + file_word(figure_title(metric)) + "_" + what;
}

/// "63.30 ± 0.31", of one episode "63.30".
std::string with_conf(double mean, double conf) {
  if (std::isnan(mean) || std::isnan(conf)) return number_text(mean, kPercent);
  return number_text(mean, kPercent) + " ± " + number_text(conf, kPercent);
}

void add_row(Table& table, const Curve& curve, const Point& point, const std::string& metric,
             const ReportOptions& options) {
  const auto summary = [&](const std::vector<double>& values) {
    return summary_of(values, point.expected, options.spread);
  };
  const Summary zero = summary(point.zero(metric)), few = summary(point.few(metric)),
                gain = summary(point.gains(metric));
  table.rows.push_back(
      {curve.benchmark, point.split, fid_text(point.fid), curve.method, curve.shots,
       with_conf(zero.mean, point.zero_conf(metric)), interval_text(chosen_interval(zero, options.interval), kPercent),
       with_conf(few.mean, point.few_conf(metric)), interval_text(chosen_interval(few, options.interval), kPercent),
       mean_text(gain, kPercent), count_text(few.n, few.expected)});
}

Contest& contest_for(std::vector<Contest>& contests, std::vector<std::string> cells) {
  const auto found = std::ranges::find(contests, cells, &Contest::cells);
  if (found != contests.end()) return *found;
  contests.push_back({.cells = std::move(cells), .unit = kPercent, .methods = {}});
  return contests.back();
}

void add_contestant(std::vector<Contest>& contests, const Curve& curve, const std::string& what,
                    const auto& values_of) {
  Contestant contestant{.method = curve.method, .is_baseline = curve.is_baseline, .values = {}};
  for (const Point& point : curve.points) {
    const std::vector<double> values = values_of(point);
    for (std::size_t i = 0; i < values.size(); ++i) contestant.values[{point.split, point.runs[i]->seed}] = values[i];
  }
  contest_for(contests, {curve.benchmark, curve.shots, what}).methods.push_back(std::move(contestant));
}

}  // namespace

Table gain_table(const std::vector<Curve>& curves, const std::string& metric, const ReportOptions& options) {
  Table table{
      .name = name_of(metric, "gain"),
      .caption = figure_title(metric) +
                 " in % before and after adapting: ±: mean half-width of the runs' 95 % intervals over episodes; "
                 "in brackets: 95 % interval over seeds; change: (few-shot - zero-shot) / zero-shot in %, ± " +
                 spread_words(options.spread),
      .align = "llrlrrrrrrr",
      .heading = {"benchmark", "split", "FID", "method", "shots", "zero-shot", "over seeds", "few-shot", "over seeds",
                  "change", "n"},
      .rows = {}};
  for (const Curve& curve : curves) {
    for (const Point& point : curve.points) add_row(table, curve, point, metric, options);
  }
  return table;
}

Table trial_table(const std::vector<Curve>& curves, const std::string& metric) {
  Table table{
      .name = name_of(metric, "trials"),
      .caption = figure_title(metric) + " of each trial in %, ± half-width of the 95 % interval over its episodes",
      .align = "llrlrrrrr",
      .heading = {"benchmark", "split", "FID", "method", "shots", "seed", "zero-shot", "few-shot", "change"},
      .rows = {}};
  for (const Curve& curve : curves) {
    for (const Point& point : curve.points) {
      for (const Run* run : point.runs) {
        const Adapted values = adapted(*run, metric);
        table.rows.push_back({curve.benchmark, point.split, fid_text(point.fid), curve.method, curve.shots,
                              std::to_string(run->seed), with_conf(values.zero, values.zero_conf),
                              with_conf(values.few, values.few_conf), number_text(values.gain(), kPercent)});
      }
    }
  }
  return table;
}

Table statistics_table(const std::vector<Curve>& curves, const std::string& metric, Spread spread) {
  std::vector<SummaryRow> rows;
  for (const Curve& curve : curves) {
    for (const Point& point : curve.points) {
      const auto add = [&](const char* what, const std::vector<double>& values) {
        rows.push_back({.cells = {curve.benchmark, point.split, curve.method, curve.shots, what},
                        .summary = summary_of(values, point.expected, spread),
                        .unit = kPercent});
      };
      add("zero-shot", point.zero(metric));
      add("few-shot", point.few(metric));
      add("change", point.gains(metric));
    }
  }
  return summary_table(name_of(metric, "statistics"), figure_title(metric) + " over seeds",
                       {"benchmark", "split", "method", "shots", "figure"}, rows, spread);
}

void add_differences(Section& section, const std::vector<Curve>& curves, const std::string& metric,
                     const std::string& baseline) {
  std::vector<Contest> contests;
  for (const Curve& curve : curves) {
    add_contestant(contests, curve, "few-shot", [&](const Point& point) { return point.few(metric); });
    add_contestant(contests, curve, "change", [&](const Point& point) { return point.gains(metric); });
  }
  add_comparison(section, name_of(metric, "differences"), {"benchmark", "shots", figure_title(metric)}, contests,
                 baseline);
}

}  // namespace oodml::cli::report::few_shot
