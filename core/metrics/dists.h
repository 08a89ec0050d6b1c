#pragma once

#include <vector>

#include "core/metrics/labelled_set.h"

namespace oodml::metrics {

/// Cosine distances inside and between the classes of a set, in double precision. Class by class, for threads to share
/// out: which thread finds which changes no bit. Source: docs/metrics.md#dists.
class ClassDistances {
 public:
  /// The set must outlive it.
  explicit ClassDistances(const LabelledSet& set);

  /// Finds those of a class: each is wanted once before the means are asked for, from any thread.
  void find(std::int64_t class_index);

  /// Mean over classes of the mean distance between two rows of the class. A class of one row counts with the largest
  /// value of the others (quirk Q33, corrected); 0 when no class has two rows.
  double mean_inside() const;

  /// Mean distance between the mean rows of two classes; 0 for a single class.
  double mean_between() const;

 private:
  template <typename Number>
  void find_of(std::span<const std::int64_t> members, const Number* rows, std::int64_t class_index);

  const LabelledSet& set_;
  const torch::Tensor rows_;  ///< In main memory.
  const std::int64_t dim_;
  std::vector<double> inside_;    ///< [classes]
  std::vector<double> of_means_;  ///< [classes, D] the means of the classes, made unit.
};

}  // namespace oodml::metrics
