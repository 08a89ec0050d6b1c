#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "coordinator/cli/curves/canvas.h"
#include "coordinator/cli/curves/ticks.h"
#include "coordinator/cli/output/style.h"

namespace oodml::cli::curves {

/// A figure over the epochs. Both lists are equally long, epochs ascending; a value that is not finite is a hole that
/// no line bridges.
struct Curve {
  std::size_t number = 0;  ///< Of its look and its name in the legend.
  std::vector<double> epochs, values;
};

struct Panel {
  std::string title;  ///< With the unit.
  std::vector<Curve> curves;
};

/// The least size of a panel that can be read, in characters; what is smaller is drawn in this size.
inline constexpr std::size_t kLeastPanelWidth = 24, kLeastPanelHeight = 7;

/// The epochs of all points that can be drawn: what panels have in common, so that one can look from one to the other.
Range epochs_of(const std::vector<Panel>& panels);

/// The panel as `height` lines of at most `width` columns: title, curves beside a scale, `epochs` below. A panel whose
/// curves have no finite value says so.
std::vector<std::string> panel_lines(const Panel& panel, Range epochs, std::size_t width, std::size_t height, Form form,
                                     const Style& style);

}  // namespace oodml::cli::curves
