#pragma once

#include <map>
#include <string>

#include "coordinator/cli/report/runs.h"

namespace oodml::cli::report {

/// How the studies name a method: "R-Margin (D), β=0.6" of the group CUBreg_Margin_b06_Distance.
struct MethodName {
  std::string title;         ///< With "R-" in front of regularised ones.
  bool regularised = false;  ///< By rho regularisation: the group begins with CUBreg_, CARreg_, SOPreg_, or RMargin.
};

/// By the group where it begins with a published prefix (CUB_, CAR_, CARS_, SOP_, and the regularised ones), or with
/// the benchmark's own name or label, as `group: "{benchmark}_{criterion}"` makes it. What follows the prefix and is
/// none of the published methods stays as it is. Other runs, and those whose group is made of their labels, go by their
/// method.
MethodName method_name(const Run& run);

/// The group of a trial that has none: its labels of all axes but the seed, as fashion_styles_margin_1.
std::string group_of_labels(const std::map<std::string, std::string>& labels);

}  // namespace oodml::cli::report
