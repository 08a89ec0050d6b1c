#pragma once

#include <torch/types.h>

#include <algorithm>
#include <optional>

#include "core/criteria/single_pass/tuple_view.h"

namespace oodml::criteria {

/// A loss of the squared distances ||x_a - x_p + shift||^2 and ||x_a - x_n + shift||^2 of triplets, the shift added to
/// every coordinate, written together with its gradient: distances are computed from the rows themselves, and the
/// gradient in one walk over the triplets that cost something. Single precision, on a CPU; as PairPass otherwise.
class TripletPass {
 public:
  /// nullopt where the plain form is to be used. x [B, D].
  static std::optional<TripletPass> of(const torch::Tensor& x, const miners::Tuples& triplets, double shift = 0.0);

  std::int64_t size() const { return view_.size; }
  bool counts(std::int64_t t) const { return view_.counts(t); }
  /// What the mean over triplets divides by: those that count, at least 1.
  double divisor() const { return static_cast<double>(std::max<std::int64_t>(view_.counting(), 1)); }
  float positive_square(std::int64_t t) const { return square(t, view_.positive[t]); }
  float negative_square(std::int64_t t) const { return square(t, view_.negative[t]); }
  /// The derivatives of the loss in the two; zero until they are set.
  void set_slopes(std::int64_t t, double of_positive, double of_negative);

  /// The loss as a scalar attached to x.
  torch::Tensor loss(double value) &&;

 private:
  float square(std::int64_t t, std::int64_t other) const;

  torch::Tensor x_, contiguous_, slopes_;  ///< x_ is in the graph, the others are not; slopes_ [T, 2].
  miners::Tuples triplets_;
  TupleView view_;  ///< Of triplets_.
  float shift_ = 0.0f;
};

}  // namespace oodml::criteria
