#include "coordinator/cli/local/table_check.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "coordinator/cli/output/text.h"
#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/few_shot.h"
#include "core/job/program.h"

namespace oodml::cli {
namespace {

/// Every metric that a trial of the plan measures.
std::set<std::string> measured_by(const job::SweepPlan& plan) {
  std::set<std::string> metrics;
  for (const job::PlannedTrial& trial : plan.trials) {
    const auto names = trial.spec.values.value_or<std::vector<std::string>>("evaluate.metrics", {});
    metrics.insert(names.begin(), names.end());
    if (trial.spec.values.value_or<std::int64_t>("few_shot.shots", 0) == 0) continue;
    for (const std::string& name : catalogue::few_shot_columns(names)) metrics.insert(name);
    for (const std::string& name : names) metrics.insert({"zero_shot_conf." + name, "few_shot_conf." + name});
  }
  return metrics;
}

}  // namespace

Status check_table(const ResultsOptions& table, const job::SweepPlan& plan) {
  std::vector<std::string> axes;
  for (const job::Axis& axis : plan.axes) axes.push_back(axis.name);
  for (const std::string& by : split_commas(table.by)) {
    if (std::ranges::find(axes, by) != axes.end()) continue;
    return invalid_argument("--by " + by + ": the sweep has no such axis; it has " + joined(axes) +
                            catalogue::did_you_mean(by, axes));
  }
  if (std::ranges::any_of(plan.trials, [](const auto& trial) { return !job::program_of(trial.spec).empty(); }))
    return {};
  const std::set<std::string> measured = measured_by(plan);
  for (const std::string& metric : split_commas(table.metrics)) {
    const std::string name = metric.substr(metric.find(':') == std::string::npos ? 0 : metric.find(':') + 1);
    const bool is_test = metric.find(':') == std::string::npos || metric.starts_with("test:");
    if (catalogue::is_list_metric(name)) {
      return invalid_argument("--metric " + metric +
                              ": a list of numbers is no column of a table; the results.json of "
                              "each trial has it");
    }
    if (measured.contains(name.substr(0, name.find('/'))) || name == "fid") continue;
    if (!is_test && !catalogue::parse_metric(name)) continue;
    return invalid_argument("--metric " + metric + ": no trial measures it; evaluate.metrics has " + joined(measured) +
                            catalogue::did_you_mean(name, {measured.begin(), measured.end()}));
  }
  return {};
}

}  // namespace oodml::cli
