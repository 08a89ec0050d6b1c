#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/metrics/centred_rows.h"
#include "core/metrics/screened_rows.h"

namespace oodml::metrics {

/// The nearest centroid of every row of a set while the centroids move, in the order of squared distances in float64
/// arithmetic (SpaceRows::squared_distance), the first of equally near ones.
///
/// Products of integers screen; only centroids that they cannot tell apart are compared in float64. Between two updates
/// only what can have changed is looked at again: every row against the centroids that moved, and against all others
/// the rows whose own centroid went farther away than the nearest of the others was.
class DoubleCentroids {
 public:
  using GoOn = std::function<bool(double share)>;

  /// `rows` must outlive it.
  explicit DoubleCentroids(const SpaceRows& rows);

  /// [D] what centroids are given less: the mean of the rows.
  const std::vector<double>& centre() const { return centring_.centre; }

  /// centroids [k, D] float64 on the CPU, less the centre; k is the same in every call. Between tiles of rows `go_on`
  /// is called with the share done, in [0, 1]; false ends the update, which then returns false and leaves no usable
  /// state.
  bool update(const torch::Tensor& centroids, const GoOn& go_on);

  /// How many centroids were elsewhere than before at the last update, bit by bit.
  std::int64_t moved() const { return moved_; }
  std::span<const std::int64_t> labels() const { return labels_; }
  /// Sum of the squared distances of the rows, in their order, to their centroids.
  double objective() const;

 private:
  struct Known;
  struct Tile;
  struct Pass;

  std::vector<bool> take_over(const torch::Tensor& centroids);
  ScreenedRows screened(std::span<const std::int64_t> centroids) const;
  bool run(const Pass& pass, const GoOn& go_on);
  void run_tile(const Pass& pass, products::RowRange rows, Tile& tile);
  bool run_left_behind(const GoOn& go_on);
  void settle(const Pass& pass, std::int64_t row, Known& known);
  void compare(const Pass& pass, std::int64_t row, const Known& known, bool own_stayed);
  double scaled(double squared_distance) const { return squared_distance * centring_.scale * centring_.scale; }
  double squared_distance(std::int64_t row, std::int64_t centroid) const;

  const SpaceRows& rows_;
  Centring centring_;
  ScreenedRows screened_;
  torch::Tensor centroids_;  ///< All, as they were given last: [k, D]
  std::int64_t moved_ = 0;
  std::vector<std::int64_t> labels_;  ///< -1 before the first update.
  std::vector<float> upper_;          ///< [N] the most that the scaled squared distance to the own centroid can be
  std::vector<float> lower_;          ///< [N] the least that those to all others can be that have not moved since
  std::vector<char> left_behind_;     ///< [N] those that must be compared with every centroid
};

}  // namespace oodml::metrics
