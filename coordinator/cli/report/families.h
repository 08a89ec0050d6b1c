#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "coordinator/cli/report/select.h"

namespace oodml::cli::report {

/// A group with a run of it, which may be one without a result: what all its runs have in common is read there.
struct Family {
  Group group;
  const Run* any = nullptr;
};

/// The groups of select.h, each with a run of it.
std::vector<Family> families(const std::vector<Run>& runs, std::int64_t min_epochs,
                             const std::function<std::string(const Run&)>& name_of);

/// Names of the benchmarks, as benchmark_title has them: CUB, CARS and SOP first, others as they come.
std::vector<std::string> benchmarks_of(const std::vector<Run>& runs);

/// The run's chosen value of a figure (figure_of), NaN where there is none.
double value_of(const Run& run, const std::string& figure, Choice choice);

/// Those of all runs of a group, in their order.
std::vector<double> values_of(const Group& group, const std::string& figure, Choice choice);

}  // namespace oodml::cli::report
