#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"

namespace oodml::metrics {

/// An embedded set as the metrics see it: checked, classes numbered densely in the order of their labels.
class LabelledSet {
 public:
  /// As evaluate: kInvalidArgument for fewer than `least_rows` rows, shapes that do not fit, rows that are not finite
  /// or too large for squared distances in double precision.
  static Result<LabelledSet> make(const torch::Tensor& embeddings, const torch::Tensor& labels,
                                  std::int64_t least_rows = 2);

  /// The same classes with rows in single precision, where they are not yet; kInvalidArgument when they are too large
  /// for squared distances in it.
  Result<LabelledSet> in_single_precision() const;

  /// The same classes with every row divided by its Euclidean norm; rows of zeros stay zero.
  LabelledSet normalized() const;

  std::int64_t size() const { return embeddings_.size(0); }
  std::int64_t n_classes() const { return static_cast<std::int64_t>(class_starts_.size()) - 1; }

  const torch::Tensor& embeddings() const { return embeddings_; }        ///< [N, D] float32 or float64, contiguous
  const torch::Tensor& squared_norms() const { return squared_norms_; }  ///< [N] of the same type on the same device
  const std::vector<std::int64_t>& classes() const { return classes_; }  ///< [N] in [0, n_classes)

  /// Normalising changes the rows by rounding only.
  bool has_unit_rows() const;
  /// Inner products divided by norms are cosines in single precision: no norm is so far from 1 that they overflow or
  /// lose digits to underflow.
  bool has_moderate_norms() const;
  /// [N] of the same type on the same device: 1 / norm, 0 for rows of zeros.
  torch::Tensor inverse_norms() const;

  /// The class of a label as it was given, or -1.
  std::int64_t class_of_label(std::int64_t label) const;
  std::int64_t label_of_class(std::int64_t class_index) const { return class_labels_[class_index]; }

  /// The rows of a class, ascending.
  std::span<const std::int64_t> members(std::int64_t class_index) const;
  std::int64_t class_size_of_row(std::int64_t row) const;
  /// [N] the rows class by class, and where in it a class starts; of n_classes(): N.
  std::span<const std::int64_t> rows_by_class() const { return rows_by_class_; }
  std::int64_t class_start(std::int64_t class_index) const { return class_starts_[class_index]; }

 private:
  LabelledSet() = default;

  torch::Tensor embeddings_, squared_norms_;
  std::vector<std::int64_t> classes_;
  std::vector<std::int64_t> rows_by_class_;  ///< [N]
  std::vector<std::int64_t> class_starts_;   ///< [n_classes + 1] offsets into rows_by_class_
  std::vector<std::int64_t> class_labels_;   ///< [n_classes] ascending, as they were given
};

}  // namespace oodml::metrics
