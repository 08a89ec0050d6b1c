#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "coordinator/cli/report/options.h"
#include "coordinator/cli/report/runs.h"

namespace oodml::cli::report::pads {

/// A sampler or method on a benchmark.
struct Method {
  std::string benchmark, title;
  bool learned = false;  ///< A policy changed its sampling: there are figures of the set `policy`.
  bool is_baseline = false;
  std::size_t expected = 0;
  std::vector<const Run*> runs;
};

/// By benchmark (CUB, CARS, SOP first), in the order of the sweeps.
std::vector<Method> methods_of(const std::vector<Run>& runs, std::int64_t min_epochs, const ReportOptions& options);

/// R@1, 2, 4, 8 (of SOP 1, 10, 100, 1000), NMI and F1, as the study reports them.
std::vector<std::string> study_figures(const std::string& benchmark);

/// Shares of the distances' bins after each epoch, mean over the runs; NaN where no run has one.
struct Sampling {
  std::vector<double> epochs;
  std::vector<double> distances;            ///< Centres of the bins.
  std::vector<std::vector<double>> shares;  ///< [bins][epochs]
  std::size_t runs = 0;                     ///< That have any.
};

/// Of the figures policy:sampling@0, @1, ...; empty where there are none. Distances are those of the published limits,
/// 0.1 to 1.4, as figures name bins by their numbers alone.
Sampling sampling_of(const Method& method);

}  // namespace oodml::cli::report::pads
