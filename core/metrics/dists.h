#pragma once

#include "core/metrics/labelled_set.h"

namespace oodml::metrics {

/// Mean over classes of the mean cosine distance between two rows of the class, in double precision. A class of one
/// row counts with the largest value of the others (quirk Q33, corrected); 0 when no class has two rows.
/// Source: docs/metrics.md#dists.
double mean_distance_inside_classes(const LabelledSet& set);

/// Mean cosine distance between the mean rows of two classes; 0 for a single class.
double mean_distance_between_classes(const LabelledSet& set);

}  // namespace oodml::metrics
