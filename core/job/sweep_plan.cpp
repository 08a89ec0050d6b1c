#include "core/job/sweep_plan.h"

namespace oodml::job {

std::vector<AxisCount> count_by_axis(const SweepPlan& plan) {
  std::map<std::string, std::map<std::string, std::int64_t>> trials;  // axis -> label -> trials
  for (const PlannedTrial& trial : plan.trials) {
    for (const auto& [axis, label] : trial.labels) ++trials[axis][label];
  }
  std::vector<AxisCount> counts;
  for (const Axis& axis : plan.axes) {
    AxisCount count{.axis = axis.name, .labels = {}};
    for (const std::string& label : axis.labels) count.labels.push_back({label, trials[axis.name][label]});
    counts.push_back(std::move(count));
  }
  return counts;
}

}  // namespace oodml::job
