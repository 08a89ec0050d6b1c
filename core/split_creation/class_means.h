#pragma once

#include <torch/types.h>

#include <cstdint>

#include "core/base/result.h"

namespace oodml::split_creation {

/// The mean of every class's rows, from batches of any size, in double precision. Order and sizes of the batches only
/// change the last bits.
class ClassMeans {
 public:
  explicit ClassMeans(std::int64_t classes) : counts_(torch::zeros({classes}, at::kDouble)) {}

  /// rows [N, D] of one D for all calls, on any device; labels [N] int64 in [0, classes).
  void add(const torch::Tensor& rows, const torch::Tensor& labels);

  /// [classes, D], double where rows were double, else float: what was computed in float is rounded to it, as the
  /// published splits were made of such means. A row of a class without images is zero. kInvalidArgument when nothing
  /// was added, kDataLoss when a mean is not finite.
  Result<torch::Tensor> means() const;
  /// [classes] int64
  torch::Tensor counts() const { return counts_.to(at::kLong); }

 private:
  torch::Tensor sums_, counts_;
  bool has_doubles_ = false;
};

}  // namespace oodml::split_creation
