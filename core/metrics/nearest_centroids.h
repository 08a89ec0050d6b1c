#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/metrics/centred_rows.h"

namespace oodml::metrics {

/// The nearest centroid of every row while the centroids move. Between two updates only what can have changed is
/// computed again: every row against the centroids that moved, and against all others the rows whose own centroid
/// moved. In the later iterations of k-means most centroids stay where they are, bit by bit.
class NearestCentroids {
 public:
  virtual ~NearestCentroids() = default;

  /// centroids [k, D] on the CPU; k is the same in every call. Between tiles of rows `go_on` is called with the share
  /// done, in [0, 1]; false ends the update, which then returns false and leaves no usable state.
  bool update(const torch::Tensor& centroids, const std::function<bool(double share)>& go_on);

  /// [N] squared Euclidean distances; and centroids, the first of equally near ones.
  std::span<const double> distances() const { return distances_; }
  std::span<const std::int64_t> labels() const { return labels_; }

 protected:
  struct Centroids {  ///< Some of the centroids.
    std::vector<std::int64_t> ids;
    torch::Tensor columns;         ///< [D, ids] float32: what rows of the set are multiplied with
    torch::Tensor squares, norms;  ///< [ids] float32: of the columns
  };

  explicit NearestCentroids(std::int64_t n);
  /// Of the ids the rest of it, as take_nearer wants it: once for all tiles of the set.
  virtual void prepare(Centroids& some) const = 0;
  /// Takes over those of the centroids that are nearer to the rows at `positions` (ascending) than what is known.
  virtual void take_nearer(std::span<const std::int64_t> positions, const Centroids& centroids) = 0;

  /// Those rows, without a copy where they lie side by side. Positions ascend.
  static torch::Tensor rows_at(const torch::Tensor& rows, std::span<const std::int64_t> positions);

  torch::Tensor centroids_;        ///< All, as they were given last: [k, D], contiguous
  std::vector<double> distances_;  ///< Infinite where nothing is known.
  std::vector<std::int64_t> labels_;

 private:
  void update_tile(std::int64_t begin, std::int64_t end, const Centroids& moved, const Centroids& still,
                   const std::vector<bool>& has_moved);
  Centroids select(const std::vector<bool>& has_moved, bool moved) const;
};

/// By ||x||^2 + ||c||^2 - 2 x.c in single precision, clipped at 0, as FAISS computes it. rows [N, D] float32,
/// contiguous, on any device; centroids float32.
std::unique_ptr<NearestCentroids> nearest_in_single_precision(torch::Tensor rows);

}  // namespace oodml::metrics
