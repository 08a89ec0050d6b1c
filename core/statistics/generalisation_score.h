#pragma once

#include <vector>

namespace oodml::statistics {

/// A figure on one split.
struct ShiftPoint {
  double fid = 0, value = 0;
};

/// The aggregated generalisation score: the area under the figure over the splits' FID, scaled to [0, 1], by the
/// trapezoidal rule; in the figure's own unit. NaN when a number is, or when there are no two different FIDs.
/// `points` in any order. Source: Milbich et al., NeurIPS 2021; docs/metrics.md#generalisation-score.
double generalisation_score(std::vector<ShiftPoint> points);

}  // namespace oodml::statistics
