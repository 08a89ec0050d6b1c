#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/models/tensor_file.h"

namespace oodml::pads {

struct HistogramOptions {
  std::int64_t n_support = 30;  ///< Edges, 3 or more; there is one bin less.
  double lower = 0.1;           ///< First edge, Euclidean distance.
  double upper = 1.4;           ///< Last edge, above `lower`.
  std::string init_distr = "uniform_low";
};

/// The names of initial shapes.
const std::vector<std::string>& initial_shapes();

/// n_support edges at equal steps from lower to upper: [n_support] double.
torch::Tensor support_edges(const HistogramOptions& options);

/// The entries h_b that sampling begins with: [n_support - 1] double. std::invalid_argument for an unknown shape.
/// Source: docs/samplers.md#pads.
torch::Tensor initial_histogram(const HistogramOptions& options);

/// The bin of each distance: the number of interior edges below it, so that the outer bins also hold what lies outside
/// of the limits. Any shape, int64, on the device of `distances`; `edges` [n_support] lies there too.
torch::Tensor bins_of(const torch::Tensor& distances, const torch::Tensor& edges);

/// How likely negatives of each distance are drawn; the policy multiplies its bins. Double precision on the CPU.
/// Source: Roth et al., CVPR 2020, Sec. 3.2; docs/samplers.md#pads.
class SamplingHistogram {
 public:
  /// entries [bins] >= 0 with a positive sum.
  explicit SamplingHistogram(const torch::Tensor& entries) : entries_(entries.to(torch::kDouble).clone()) {}

  std::int64_t bins() const { return entries_.size(0); }
  /// h_b, not normalised.
  const torch::Tensor& entries() const { return entries_; }
  /// h_b / sum h.
  torch::Tensor probabilities() const { return entries_ / entries_.sum(); }
  /// h_b <- h_b * factor_b, kept within [1e-25, 1e25]; factors [bins].
  void multiply(const torch::Tensor& factors);
  /// In place of the entries, as entries() gave them.
  void set(const torch::Tensor& entries) { entries_ = entries.to(torch::kDouble).clone(); }

 private:
  torch::Tensor entries_;  ///< [bins]
};

}  // namespace oodml::pads
