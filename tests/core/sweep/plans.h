#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "core/sweep/sweep.h"

namespace oodml::sweep {

using Labels = std::map<std::string, std::string>;  ///< axis -> label

/// A sweep that is right but for `rest`, whose first line is line 3.
inline std::string sweep_of(std::string_view rest) {
  std::string text = "version: 1\nname: t\n";
  text += rest;
  return text;
}

/// The plan of a sweep that must be right.
inline job::SweepPlan planned(std::string_view yaml, const ExpandOptions& options = {}) {
  auto plan = plan_sweep(yaml, options);
  if (plan.has_value()) return std::move(*plan);
  ADD_FAILURE() << plan.error().message();
  return {};
}

/// Whether these labels are among the trial's own.
inline bool stands_at(const job::PlannedTrial& trial, const Labels& labels) {
  return std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
    const auto found = trial.labels.find(label.first);
    return found != trial.labels.end() && found->second == label.second;
  });
}

/// The first trial with these labels among its own.
inline const job::PlannedTrial& trial_at(const job::SweepPlan& plan, const Labels& labels) {
  for (const auto& trial : plan.trials) {
    if (stands_at(trial, labels)) return trial;
  }
  throw std::logic_error("no such trial in the plan");
}

}  // namespace oodml::sweep
