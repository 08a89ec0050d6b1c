#pragma once

#include <vector>

#include "core/criteria/single_pass/pair_pass.h"

namespace oodml::criteria {

/// Distances ||x_i - x_j + shift|| of a batch's rows from their products, for a loss that is written together with its
/// gradient. A product in single precision leaves few digits of a small distance: those are computed again from the
/// rows themselves, and their part of the gradient too.
class NearDistances {
 public:
  /// The shift is added to every coordinate of a difference, and is small beside the rows.
  NearDistances(PairPass pass, double shift);

  /// The distances of row i, by j. False once so many are small that the plain form is the faster one.
  bool of_row(std::int64_t i, float* distances);
  /// Adds the derivatives of the loss in the distances of row i, by j.
  void add_derivatives(std::int64_t i, const float* distances, const float* derivatives);
  /// value + length_weight * mean_i ||x_i||, attached to x.
  torch::Tensor loss(double value, double length_weight) &&;

 private:
  float exact(std::int64_t i, std::int64_t j) const;
  /// Adds the part of a near pair, whose derivative in half of the squared distance is `weight`.
  void add_near(std::int64_t i, std::int64_t j, float weight);

  PairPass pass_;
  float shift_;
  std::vector<float> squares_;                   ///< ||x_i||^2
  std::vector<float> sums_;                      ///< Of the coordinates of each row.
  std::vector<float> radial_;                    ///< The derivative of the loss in each row's squared length.
  std::vector<float> moved_;                     ///< And in the sum of its coordinates.
  std::vector<float> weights_;                   ///< Of the pairs of one row.
  std::vector<std::vector<std::int64_t>> near_;  ///< By row i: the j that lie near.
  std::int64_t near_pairs_ = 0;
};

}  // namespace oodml::criteria
