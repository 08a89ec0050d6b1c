#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/cli/report/runs.h"

namespace oodml::cli::report {

/// A run that succeeded, with the epochs that `with` gives it.
inline Run run_of(const std::string& benchmark, const std::string& method, std::int64_t seed) {
  Run run;
  run.sweep = "study";
  run.state = "succeeded";
  run.benchmark = benchmark;
  run.split = "default";
  run.criterion = run.method = method;
  run.group = method;
  run.labels = {{"benchmark", benchmark}, {"criterion", method}, {"seed", std::to_string(seed)}};
  run.seed = seed;
  return run;
}

/// The figure over the epochs 1, 2, ...
inline Run& with(Run& run, const std::string& figure, const std::vector<double>& values) {
  Course& course = run.courses[figure];
  course = {};
  for (std::size_t i = 0; i < values.size(); ++i) {
    course.epochs.push_back(static_cast<std::int64_t>(i) + 1);
    course.values.push_back(values[i]);
  }
  run.epochs = static_cast<std::int64_t>(values.size());
  return run;
}

/// One value, measured after the last epoch.
inline Run& with_final(Run& run, const std::string& figure, double value, std::int64_t epoch) {
  run.courses[figure] = {.epochs = {epoch}, .values = {value}};
  return run;
}

}  // namespace oodml::cli::report
