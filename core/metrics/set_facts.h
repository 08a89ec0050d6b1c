#pragma once

#include <optional>
#include <vector>

#include "core/metrics/labelled_set.h"

namespace oodml::metrics {

/// What several metrics read off the rows of one set; each is computed when it is first asked for.
class SetFacts {
 public:
  explicit SetFacts(const LabelledSet& set) : set_(set) {}

  double distance_inside_classes();
  double distance_between_classes();
  const std::vector<double>& singular_values();  ///< Descending.
  std::int64_t dimension() const { return set_.embeddings().size(1); }

 private:
  const LabelledSet& set_;
  std::optional<double> inside_, between_;
  std::optional<std::vector<double>> singular_values_;
};

}  // namespace oodml::metrics
