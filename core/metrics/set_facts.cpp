#include "core/metrics/set_facts.h"

#include "core/metrics/dists.h"
#include "core/metrics/singular_values.h"

namespace oodml::metrics {

double SetFacts::distance_inside_classes() {
  if (!inside_) inside_ = mean_distance_inside_classes(set_);
  return *inside_;
}

double SetFacts::distance_between_classes() {
  if (!between_) between_ = mean_distance_between_classes(set_);
  return *between_;
}

const std::vector<double>& SetFacts::singular_values() {
  if (!singular_values_) singular_values_ = metrics::singular_values(set_.embeddings());
  return *singular_values_;
}

}  // namespace oodml::metrics
