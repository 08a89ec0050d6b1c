#pragma once

#include <string>

#include "core/figures/figure.h"

namespace oodml::figures {

/// Size of a panel on paper.
struct PaperSize {
  double width_cm = 0.0, height_cm = 0.0;

  /// Of what titles, axes and the legend leave, about.
  double drawing_width() const { return width_cm > 3.0 ? width_cm - 1.6 : 1.0; }
  double drawing_height() const { return height_cm > 4.0 ? height_cm - 2.2 : 1.0; }
};

/// Whether a series of it has texts beside its points.
bool has_labels(const Panel& panel);

/// Lines of a script that write the labels of all series on the left axis where they cover nothing (label_places.h).
/// The panel has the ends of its axes.
std::string labels_script(const Panel& panel, PaperSize size);

}  // namespace oodml::figures
