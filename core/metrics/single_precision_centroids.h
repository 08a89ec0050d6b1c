#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace oodml::metrics {

/// The nearest centroid of every row while the centroids move, by ||x||^2 + ||c||^2 - 2 x.c in single precision,
/// clipped at 0, as FAISS computes it. Between two updates only what can have changed is computed again: every row
/// against the centroids that moved, and against all others the rows whose own centroid moved. In the later iterations
/// of k-means most centroids stay where they are, bit by bit.
class SinglePrecisionCentroids {
 public:
  /// rows [N, D] float32, contiguous, on any device.
  explicit SinglePrecisionCentroids(torch::Tensor rows);

  /// centroids [k, D] float32 on the CPU; k is the same in every call. Between tiles of rows `go_on` is called with the
  /// share done, in [0, 1]; false ends the update, which then returns false and leaves no usable state.
  bool update(const torch::Tensor& centroids, const std::function<bool(double share)>& go_on);

  /// [N] squared Euclidean distances; and centroids, the first of equally near ones.
  std::span<const float> distances() const { return distances_; }
  std::span<const std::int64_t> labels() const { return labels_; }

 private:
  struct Centroids {  ///< Some of the centroids.
    std::vector<std::int64_t> ids;
    torch::Tensor columns;  ///< [D, ids]: what rows of the set are multiplied with
    torch::Tensor squares;  ///< [ids]: of the columns' norms
  };

  void update_tile(std::int64_t begin, std::int64_t end, const Centroids& moved, const Centroids& still,
                   const std::vector<bool>& has_moved);
  Centroids select(const std::vector<bool>& has_moved, bool moved) const;
  /// Takes over those of the centroids that are nearer to the rows at `positions` (ascending) than what is known.
  void take_nearer(std::span<const std::int64_t> positions, const Centroids& centroids);

  torch::Tensor rows_, row_norms_;
  torch::Tensor centroids_;       ///< All, as they were given last: [k, D], contiguous
  std::vector<float> distances_;  ///< Infinite where nothing is known.
  std::vector<std::int64_t> labels_;
};

}  // namespace oodml::metrics
