#pragma once

#include <torch/types.h>

#include <memory>
#include <optional>
#include <vector>

namespace oodml::criteria {

/// One side of a CosinePass: n vectors of D entries.
struct CosineSide {
  torch::Tensor vectors;  ///< [n, D], or [D, n] where they are columns; attached to the graph
  bool are_columns = false;
  bool unit_length = true;  ///< Divided by their length; the others are taken as they are.
};

/// A loss of the products a_i . b_j of two sets of vectors, rows of a batch and trained vectors say, written together
/// with its gradient: as PairPass, for the products of one matrix with another.
class CosinePass {
 public:
  /// nullopt where the plain form is to be used, as in PairPass::of.
  static std::optional<CosinePass> of(const CosineSide& a, const CosineSide& b);

  std::int64_t rows() const { return a_.size; }
  std::int64_t columns() const { return b_.size; }
  /// a_i . b_j, by j.
  const float* products(std::int64_t i) const { return products_.get() + i * columns(); }
  /// The derivative of the loss in products(i), by j; zero until it is written.
  float* derivatives(std::int64_t i) { return derivatives_ + i * columns(); }
  /// What the vectors of b are multiplied by to have unit length, by j.
  const std::vector<float>& factors_of_b() const { return b_.factors; }
  /// As b lies, zero until it is written: what is added to its gradient beside that of the products.
  torch::Tensor& beside_b();

  /// The loss as a scalar attached to both sides.
  torch::Tensor loss(double value) &&;

 private:
  struct Side {
    torch::Tensor attached, values;  ///< values: not in the graph, and contiguous.
    std::int64_t size = 0, dim = 0;
    bool are_columns = false, unit_length = true;
    std::vector<float> factors;  ///< 1 where the length stays.
    std::vector<float> radial;   ///< Times a vector itself: its part of the gradient that keeps the length.
  };

  static std::optional<Side> side_of(const CosineSide& given);

  Side a_, b_;
  torch::Tensor weights_, beside_b_;
  std::unique_ptr<float[]> products_;
  float* derivatives_ = nullptr;  ///< of weights_
};

}  // namespace oodml::criteria
