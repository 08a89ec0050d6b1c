#include "core/metrics/single_precision_centroids.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>

#include "core/metrics/nearest_column.h"

namespace oodml::metrics {
namespace {

constexpr std::int64_t kCentroidTileBytes = 16 << 20;
constexpr float kNoDistance = std::numeric_limits<float>::infinity();

std::vector<bool> moved_rows(const torch::Tensor& before, const torch::Tensor& after) {
  std::vector<bool> moved(static_cast<std::size_t>(after.size(0)), true);
  if (!before.defined()) return moved;
  const std::size_t row_bytes = static_cast<std::size_t>(after.size(1)) * after.element_size();
  const auto* const from = static_cast<const char*>(before.const_data_ptr());
  const auto* const to = static_cast<const char*>(after.const_data_ptr());
  for (std::size_t c = 0; c < moved.size(); ++c)
    moved[c] = std::memcmp(from + c * row_bytes, to + c * row_bytes, row_bytes) != 0;
  return moved;
}

/// Computing only what can have changed pays where it is much less than everything; to gather rows and start one more
/// product costs about as much as this many columns.
bool is_worth_choosing(const std::vector<bool>& has_moved, const std::vector<std::int64_t>& labels) {
  constexpr double kOverhead = 48.0;
  const auto columns = static_cast<double>(has_moved.size()), rows = static_cast<double>(labels.size());
  const auto moved = static_cast<double>(std::count(has_moved.begin(), has_moved.end(), true));
  const auto left = static_cast<double>(
      std::count_if(labels.begin(), labels.end(), [&](std::int64_t label) { return has_moved[label]; }));
  return rows * moved + left * (columns - moved + kOverhead) < 0.9 * rows * columns;
}

/// Those rows, without a copy where they lie side by side. Positions ascend.
torch::Tensor rows_at(const torch::Tensor& rows, std::span<const std::int64_t> positions) {
  const auto count = static_cast<std::int64_t>(positions.size());
  if (positions.back() - positions.front() + 1 == count) return rows.slice(0, positions.front(), positions.back() + 1);
  const auto index = at::tensor(at::ArrayRef<std::int64_t>(positions.data(), positions.size()), at::kLong);
  return rows.index_select(0, index.to(rows.device()));
}

constexpr std::int64_t kNormRows = 4096;

struct Nearest {
  std::vector<float> distances;
  std::vector<std::int64_t> columns;
};

Nearest nearest_on_cpu(const torch::Tensor& products, const torch::Tensor& row_norms, const torch::Tensor& norms) {
  const std::int64_t rows = products.size(0), columns = products.size(1);
  Nearest nearest{std::vector<float>(rows), std::vector<std::int64_t>(rows)};
  float* const tile = products.mutable_data_ptr<float>();
  const std::span<const float> column_norms(norms.const_data_ptr<float>(), static_cast<std::size_t>(columns));
  const float* const norms_of_rows = row_norms.const_data_ptr<float>();
  at::parallel_for(0, rows, /*grain_size=*/16, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t row = first; row < last; ++row) {
      const std::span<float> values(tile + row * columns, column_norms.size());
      to_squared_distances(values, column_norms, norms_of_rows[row]);
      nearest.columns[row] = first_minimum(values);
      nearest.distances[row] = values[nearest.columns[row]];
    }
  });
  return nearest;
}

Nearest nearest_on_device(const torch::Tensor& products, const torch::Tensor& row_norms, const torch::Tensor& norms) {
  const auto [values, columns] = (row_norms.unsqueeze(1) + norms.unsqueeze(0) - 2 * products).clamp_min(0).min(1);
  const auto on_cpu = values.cpu(), columns_on_cpu = columns.cpu();
  const auto* const distances = on_cpu.const_data_ptr<float>();
  const auto* const positions = columns_on_cpu.const_data_ptr<std::int64_t>();
  return {{distances, distances + on_cpu.numel()}, {positions, positions + columns_on_cpu.numel()}};
}

torch::Tensor squares_of(const torch::Tensor& rows) {
  std::vector<torch::Tensor> squares;
  for (const auto& piece : rows.split(kNormRows)) squares.push_back(piece.square().sum(1));
  return at::cat(squares);
}

}  // namespace

SinglePrecisionCentroids::SinglePrecisionCentroids(torch::Tensor rows)
    : rows_(std::move(rows)),
      row_norms_(squares_of(rows_)),
      distances_(static_cast<std::size_t>(rows_.size(0)), kNoDistance),
      labels_(distances_.size(), 0) {}

SinglePrecisionCentroids::Centroids SinglePrecisionCentroids::select(const std::vector<bool>& has_moved,
                                                                     bool moved) const {
  Centroids some;
  for (std::size_t c = 0; c < has_moved.size(); ++c) {
    if (has_moved[c] == moved) some.ids.push_back(static_cast<std::int64_t>(c));
  }
  const auto rows = centroids_.index_select(0, at::tensor(some.ids, at::kLong)).to(rows_.device());
  some.columns = rows.t();
  some.squares = rows.square().sum(1);
  return some;
}

bool SinglePrecisionCentroids::update(const torch::Tensor& centroids, const std::function<bool(double share)>& go_on) {
  const auto given = centroids.contiguous();
  std::vector<bool> has_moved = moved_rows(centroids_, given);
  if (!std::ranges::count(has_moved, true)) return true;
  if (!is_worth_choosing(has_moved, labels_)) std::fill(has_moved.begin(), has_moved.end(), true);
  centroids_ = given.clone();
  const auto moved = select(has_moved, true), still = select(has_moved, false);
  const auto n = static_cast<std::int64_t>(labels_.size());
  const std::int64_t row_bytes = centroids.size(0) * static_cast<std::int64_t>(sizeof(float));
  const std::int64_t tile = std::max<std::int64_t>(kCentroidTileBytes / row_bytes, 16);
  for (std::int64_t begin = 0; begin < n; begin += tile) {
    if (go_on && !go_on(static_cast<double>(begin) / static_cast<double>(n))) return false;
    update_tile(begin, std::min(begin + tile, n), moved, still, has_moved);
  }
  return true;
}

void SinglePrecisionCentroids::update_tile(std::int64_t begin, std::int64_t end, const Centroids& moved,
                                           const Centroids& still, const std::vector<bool>& has_moved) {
  std::vector<std::int64_t> left_behind;  // their centroid is no longer where it was
  for (std::int64_t row = begin; row < end; ++row) {
    if (!has_moved[labels_[row]]) continue;
    left_behind.push_back(row);
    distances_[row] = kNoDistance;
  }
  if (!left_behind.empty() && !still.ids.empty()) take_nearer(left_behind, still);
  std::vector<std::int64_t> every(static_cast<std::size_t>(end - begin));
  std::iota(every.begin(), every.end(), begin);
  take_nearer(every, moved);
}

void SinglePrecisionCentroids::take_nearer(std::span<const std::int64_t> positions, const Centroids& centroids) {
  const auto products = rows_at(rows_, positions).mm(centroids.columns);
  const auto find = products.is_cpu() ? nearest_on_cpu : nearest_on_device;
  const Nearest nearest = find(products, rows_at(row_norms_, positions), centroids.squares);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const std::int64_t row = positions[i], label = centroids.ids[nearest.columns[i]];
    const std::pair candidate(nearest.distances[i], label), known(distances_[row], labels_[row]);
    if (distances_[row] == kNoDistance || candidate < known) std::tie(distances_[row], labels_[row]) = candidate;
  }
}

}  // namespace oodml::metrics
