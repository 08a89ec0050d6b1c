#pragma once

#include <vector>

#include "core/metrics/labelled_set.h"

namespace oodml::metrics {

/// What a metric reads off the rows of a set.
enum class SetFact { kDistances, kSpectrum };

/// Facts that several metrics share, each found once: those that are wanted at the same time, because one thread alone
/// finds the spectrum in the end while others find distances.
class SetFacts {
 public:
  SetFacts(const LabelledSet& set, const std::vector<SetFact>& wanted);

  double distance_inside_classes() const { return inside_; }
  double distance_between_classes() const { return between_; }
  const std::vector<double>& singular_values() const { return singular_values_; }  ///< Descending.
  std::int64_t dimension() const { return dimension_; }

 private:
  std::int64_t dimension_;
  double inside_ = 0.0, between_ = 0.0;
  std::vector<double> singular_values_;
};

}  // namespace oodml::metrics
