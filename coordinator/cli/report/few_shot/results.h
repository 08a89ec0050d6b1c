#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/cli/report/comparison.h"
#include "coordinator/cli/report/options.h"
#include "coordinator/cli/report/runs.h"
#include "coordinator/cli/report/summary.h"

namespace oodml::cli::report::few_shot {

/// What is drawn and told of each, where it was measured.
inline const std::vector<std::string> kMetrics = {"e_recall@1", "mAP_1000"};

/// A metric of one run before and after its network was adapted, means over its episodes; conf: half-widths of their
/// 95 % intervals. NaN where one is missing.
struct Adapted {
  double zero, few, zero_conf, few_conf;

  /// (few - zero) / zero.
  double gain() const { return (few - zero) / zero; }
};

Adapted adapted(const Run& run, const std::string& metric);

/// A method with so many shots on a split: a point of a curve. Values are in the runs' order, NaN where one has none.
struct Point {
  std::string split;
  std::optional<double> fid;
  std::size_t expected = 0;
  std::vector<const Run*> runs;

  std::vector<double> zero(const std::string& metric) const;
  std::vector<double> few(const std::string& metric) const;
  std::vector<double> gains(const std::string& metric) const;
  /// Means of the runs' half-widths over episodes.
  double zero_conf(const std::string& metric) const;
  double few_conf(const std::string& metric) const;
};

/// A method with so many shots on a benchmark.
struct Curve {
  std::string benchmark, method, shots;  ///< shots: "2"; "?" where nothing tells them.
  bool is_baseline = false;
  std::vector<Point> points;  ///< By FID; those without one come last.

  std::string title() const;  ///< "S2SD, 2 shots"
  /// "9/10": runs with the metric before and after.
  std::string count_of(const std::string& metric) const;
};

/// Curves by benchmark, method and shots. Shots are those of the axis few_shot, shots or few_shot.shots, else of a
/// group's name like CUB_Shots-2_ID-1_S2SD.
std::vector<Curve> curves_of(const std::vector<Run>& runs, std::int64_t min_epochs, const ReportOptions& options);

}  // namespace oodml::cli::report::few_shot
