#pragma once

#include "core/figures/figure.h"

namespace oodml::figures {

/// The panel with both ends of its axes: those it has not follow its numbers with a little room on both sides. An axis
/// without numbers stays as it is.
Panel with_ends(const Panel& panel);

/// Distance of the numbers along an axis of this length, 1, 2 or 5 times a power of ten, so that each has `room_cm`; 0
/// where the axis has no extent.
double tic_step(double low, double high, double length_cm, double room_cm);

}  // namespace oodml::figures
