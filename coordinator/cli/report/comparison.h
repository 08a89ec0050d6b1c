#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coordinator/cli/report/document.h"
#include "coordinator/cli/report/figure_words.h"
#include "core/statistics/paired_difference.h"

namespace oodml::cli::report {

/// What a value was measured on beside its method: a split, and the seed.
struct Measured {
  std::string where;
  std::int64_t seed = 0;

  auto operator<=>(const Measured&) const = default;
};

/// A method's values of one figure.
struct Contestant {
  std::string method;  ///< As it is shown.
  bool is_baseline = false;
  std::map<Measured, double> values;
};

/// Methods that are compared in one figure, on one benchmark.
struct Contest {
  std::vector<std::string> cells;  ///< What it is about, in the table's first columns: "CUB", "R@1".
  Unit unit;
  std::vector<Contestant> methods;
};

/// method - baseline by seed: for each seed the mean over the places that both were measured at with it, then the
/// difference. Places that one of the two lacks count for neither.
statistics::PairedDifference difference_by_seed(const Contestant& method, const Contestant& baseline);

/// Adds the table of all methods against the baseline, seed by seed. What cannot be compared goes to Section::missing:
/// no such method, no seed in common; a single seed has a difference without interval and p value. Nothing is added
/// where `baseline` (what people asked for) is empty. `heading` names `Contest::cells`.
void add_comparison(Section& section, const std::string& name, const std::vector<std::string>& heading,
                    const std::vector<Contest>& contests, const std::string& baseline);

/// Whether people mean this run's method by `wanted`: its label, its group's name, or the name that is shown.
bool is_called(const Run& run, const std::string& shown, const std::string& wanted);

}  // namespace oodml::cli::report
