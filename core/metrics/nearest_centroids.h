#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace oodml::metrics {

/// The nearest centroid of every row while the centroids move. Between two updates only what can have changed is
/// computed again: every row against the centroids that moved, and against all others the rows whose own centroid
/// moved. In the later iterations of k-means most centroids stay where they are, bit by bit.
class NearestCentroids {
 public:
  /// rows [N, D] float32, contiguous, on any device.
  explicit NearestCentroids(torch::Tensor rows);

  /// centroids [k, D] float32 on the CPU; k is the same in every call. Between tiles of rows `go_on` is called with the
  /// share done, in [0, 1]; false ends the update, which then returns false and leaves no usable state.
  bool update(const torch::Tensor& centroids, const std::function<bool(double share)>& go_on);

  /// [N] squared Euclidean distances in single precision, clipped at 0; and centroids, the first of equally near ones.
  std::span<const float> distances() const { return distances_; }
  std::span<const std::int64_t> labels() const { return labels_; }

 private:
  struct Centroids;  ///< Some of the centroids on the rows' device.

  void update_tile(std::int64_t begin, std::int64_t end, const Centroids& moved, const Centroids& still,
                   const std::vector<bool>& has_moved);
  void take_nearer(const torch::Tensor& rows, const torch::Tensor& row_norms, std::span<const std::int64_t> positions,
                   const Centroids& centroids);

  const torch::Tensor rows_;
  torch::Tensor row_norms_, centroids_;
  std::vector<float> distances_;
  std::vector<std::int64_t> labels_;
};

}  // namespace oodml::metrics
