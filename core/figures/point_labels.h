#pragma once

#include <string>

#include "core/figures/figure.h"

namespace oodml::figures {

/// Size of a panel on paper.
struct PaperSize {
  double width_cm = 0.0, height_cm = 0.0;
};

/// Whether a series of it has texts beside its points.
bool has_labels(const Panel& panel);

/// The panel with both ends of its axes: those it has not follow its numbers with a little room on both sides.
Panel with_ends(const Panel& panel);

/// Lines of a script that write the labels of all series on the left axis where they cover nothing (label_places.h).
/// The panel has the ends of its axes.
std::string labels_script(const Panel& panel, PaperSize size);

}  // namespace oodml::figures
