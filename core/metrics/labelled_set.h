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
  /// As evaluate: kInvalidArgument for fewer than two rows, shapes that do not fit, rows that are not finite or too
  /// large for squared distances in single precision.
  static Result<LabelledSet> make(const torch::Tensor& embeddings, const torch::Tensor& labels);

  std::int64_t size() const { return embeddings_.size(0); }
  std::int64_t n_classes() const { return static_cast<std::int64_t>(class_starts_.size()) - 1; }

  const torch::Tensor& embeddings() const { return embeddings_; }        ///< [N, D] float32, contiguous
  const torch::Tensor& squared_norms() const { return squared_norms_; }  ///< [N] float32, on the same device
  const std::vector<std::int64_t>& classes() const { return classes_; }  ///< [N] in [0, n_classes)

  /// The rows of a class, ascending.
  std::span<const std::int64_t> members(std::int64_t class_index) const;
  std::int64_t class_size_of_row(std::int64_t row) const;

 private:
  LabelledSet() = default;

  torch::Tensor embeddings_, squared_norms_;
  std::vector<std::int64_t> classes_;
  std::vector<std::int64_t> rows_by_class_;  ///< [N]
  std::vector<std::int64_t> class_starts_;   ///< [n_classes + 1] offsets into rows_by_class_
};

}  // namespace oodml::metrics
