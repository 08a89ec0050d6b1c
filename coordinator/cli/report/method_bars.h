#pragma once

#include <array>
#include <string>
#include <vector>

#include "coordinator/cli/report/summary.h"
#include "core/figures/figure.h"

namespace oodml::cli::report {

/// A bar: a method's figure, and which of two kinds it is of.
struct MethodBar {
  std::string title;
  Summary summary;
  bool of_second_kind = false;
};

/// Methods with a value as lying bars, the best at the top, error bars are deviations over the runs; the kinds are blue
/// and orange, with these names. The axis begins a little below the least.
figures::Panel method_bars(const std::string& title, const std::string& figure, std::vector<MethodBar> bars,
                           const std::array<std::string, 2>& kinds);

/// How high a picture of so many bars is.
double bars_height_cm(std::size_t bars);

}  // namespace oodml::cli::report
