#pragma once

#include <torch/types.h>

#include <memory>
#include <optional>
#include <vector>

namespace oodml::criteria {

/// A loss of the products of a batch's rows with each other, written together with its gradient: the products are
/// computed here, a criterion writes the loss and its derivative in each product in one walk over them, and the
/// gradient is one product more. Single precision, on a CPU. The form in tensor operations, which every criterion has
/// too, is for everything else, and the judge of this one.
class PairPass {
 public:
  /// nullopt where the plain form is to be used: another device or type, more work than one thread should have, and
  /// rows whose squared length is not in [1e-20, 1e20], not a number above all. x [B, D], B and D >= 1.
  static std::optional<PairPass> of(const torch::Tensor& x);

  std::int64_t rows() const { return rows_; }
  std::int64_t dim() const { return x_.size(1); }
  /// x_i.
  const float* row(std::int64_t i) const { return contiguous_.const_data_ptr<float>() + i * dim(); }
  /// x_i . x_j, by j.
  const float* products(std::int64_t i) const { return products_.get() + i * rows_; }
  float squared_length(std::int64_t i) const { return products(i)[i]; }
  /// The derivative of the loss in products(i), by j; zero until it is written. x_i . x_j and x_j . x_i are two
  /// products.
  float* derivatives(std::int64_t i) { return derivatives_ + i * rows_; }
  /// [B, D], zero until it is written: what is added to the gradient beside that of the products.
  float* beside();

  /// Adds weight * mean_i ||x_i|| with its derivative; returns it.
  double add_mean_length(double weight);
  /// The loss as a scalar attached to x. `moved`, where given, are its derivatives in the sums of each row's
  /// coordinates.
  torch::Tensor loss(double value, const std::vector<float>& moved = {}) &&;

 private:
  torch::Tensor x_, contiguous_, weights_, beside_;  ///< x_ is in the graph, the others are not.
  std::int64_t rows_ = 0;
  std::unique_ptr<float[]> products_;
  float* derivatives_ = nullptr;  ///< of weights_
};

/// A loss of the cosines of a batch's rows, as functions of their products.
class Cosines {
 public:
  explicit Cosines(const PairPass& pass);

  /// 1 / ||x_i||, by i: the cosine of i and j is x_i . x_j times those of i and j.
  const float* inverse_lengths() const { return inverse_.data(); }
  /// The derivative of the loss in the cosines of row i, by j; zero until it is written.
  float* derivatives(std::int64_t i) { return derivatives_.data() + i * std::ssize(inverse_); }
  /// Adds what they make to the derivatives in the products.
  void add_to(PairPass& pass);

 private:
  std::vector<float> inverse_, derivatives_;
};

}  // namespace oodml::criteria
