#include <algorithm>
#include <string>
#include <utility>

#include "coordinator/cli/report/few_shot/figures.h"
#include "coordinator/cli/report/few_shot/results.h"
#include "coordinator/cli/report/few_shot/tables.h"
#include "coordinator/cli/report/kinds.h"
#include "coordinator/cli/report/select.h"
#include "core/statistics/moments.h"

namespace oodml::cli::report {
namespace {

using few_shot::Curve;
using few_shot::Point;

bool was_adapted(const std::vector<Curve>& curves, const std::string& metric) {
  return std::ranges::any_of(curves, [&](const Curve& curve) {
    return std::ranges::any_of(curve.points,
                               [&](const Point& point) { return !statistics::present(point.few(metric)).empty(); });
  });
}

bool is_of_one_run(const std::vector<Curve>& curves, const std::string& metric) {
  return std::ranges::any_of(curves, [&](const Curve& curve) {
    return std::ranges::any_of(curve.points,
                               [&](const Point& point) { return statistics::present(point.few(metric)).size() == 1; });
  });
}

Section few_shot_section(const std::vector<Curve>& curves, const std::string& metric, const ReportOptions& options) {
  Section section{.title = figure_title(metric)};
  if (!was_adapted(curves, metric)) {
    section.missing.push_back("no run has test:few_shot." + metric + " and test:zero_shot." + metric +
                              " (trial keys few_shot and evaluate.metrics)");
    return section;
  }
  few_shot::add_gain_figures(section, curves, metric, options);
  if (is_of_one_run(curves, metric))
    section.missing.emplace_back(
        "where one seed has a result there is no interval over seeds, only that over its episodes");
  section.tables = {few_shot::gain_table(curves, metric, options), few_shot::trial_table(curves, metric),
                    few_shot::statistics_table(curves, metric, options.spread)};
  few_shot::add_differences(section, curves, metric, options.baseline);
  return section;
}

/// "test:few_shot.nmi", "few_shot.nmi" and "nmi" ask for the same.
std::string few_shot_metric(const std::string& wanted) {
  const std::string figure = wanted.substr(wanted.find(':') == std::string::npos ? 0 : wanted.find(':') + 1);
  const std::size_t dot = figure.find('.');
  return dot == std::string::npos ? figure : figure.substr(dot + 1);
}

std::vector<std::string> few_shot_metrics(const ReportOptions& options) {
  std::vector<std::string> metrics;
  for (const std::string& wanted : options.metrics) {
    if (std::ranges::find(metrics, few_shot_metric(wanted)) == metrics.end())
      metrics.push_back(few_shot_metric(wanted));
  }
  return metrics.empty() ? few_shot::kMetrics : metrics;
}

}  // namespace

Document make_few_shot(const std::vector<Run>& runs, const ReportOptions& options) {
  const std::int64_t min_epochs = options.min_epochs.value_or(0);
  const std::vector<Curve> curves = few_shot::curves_of(runs, min_epochs, options);
  Document document{.title = "Few-shot generalisation", .sections = {}};
  for (const std::string& metric : few_shot_metrics(options))
    document.sections.push_back(few_shot_section(curves, metric, options));
  std::vector<std::string> missing = missing_of(runs, min_epochs);
  Section& first = document.sections.front();
  first.missing.insert(first.missing.begin(), missing.begin(), missing.end());
  return document;
}

}  // namespace oodml::cli::report
