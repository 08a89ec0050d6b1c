#include "core/job/sweep_plan.h"

namespace oodml::job {

AxisCounter::AxisCounter(const std::vector<Axis>& axes) {
  for (const Axis& axis : axes) {
    Place& place = places_[axis.name];
    place.axis = counts_.size();
    AxisCount count{.axis = axis.name, .labels = {}};
    for (const std::string& label : axis.labels) {
      place.labels.emplace(label, count.labels.size());
      count.labels.push_back({.label = label});
    }
    counts_.push_back(std::move(count));
  }
}

void AxisCounter::add(const std::map<std::string, std::string>& labels) {
  for (const auto& [axis, label] : labels) {
    const auto place = places_.find(axis);
    if (place == places_.end()) continue;
    const auto at = place->second.labels.find(label);
    if (at != place->second.labels.end()) ++counts_[place->second.axis].labels[at->second].trials;
  }
}

std::vector<AxisCount> count_by_axis(const SweepPlan& plan) {
  AxisCounter counter(plan.axes);
  for (const PlannedTrial& trial : plan.trials) counter.add(trial.labels);
  return counter.counts();
}

}  // namespace oodml::job
