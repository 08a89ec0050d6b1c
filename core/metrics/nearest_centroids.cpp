#include "core/metrics/nearest_centroids.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "core/metrics/nearest_column.h"

namespace oodml::metrics {
namespace {

constexpr std::int64_t kTileBytes = 16 << 20;
constexpr std::int64_t kPieceRows = 4096;
constexpr float kNever = std::numeric_limits<float>::infinity();

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

std::vector<bool> moved_rows(const torch::Tensor& before, const torch::Tensor& after) {
  std::vector<bool> moved(static_cast<std::size_t>(after.size(0)), true);
  if (!before.defined()) return moved;
  const auto differs = after.ne(before).any(1).contiguous();
  for (std::size_t c = 0; c < moved.size(); ++c) moved[c] = differs.const_data_ptr<bool>()[c];
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

torch::Tensor to_index(std::span<const std::int64_t> positions) {
  return at::tensor(at::ArrayRef<std::int64_t>(positions.data(), positions.size()), at::kLong);
}

}  // namespace

struct NearestCentroids::Centroids {
  std::vector<std::int64_t> ids;
  torch::Tensor rows, norms;

  static Centroids select(const torch::Tensor& all, const std::vector<bool>& has_moved, bool moved,
                          const torch::Device& device) {
    Centroids some;
    for (std::size_t c = 0; c < has_moved.size(); ++c) {
      if (has_moved[c] == moved) some.ids.push_back(static_cast<std::int64_t>(c));
    }
    some.rows = all.index_select(0, to_index(some.ids)).to(device);
    some.norms = some.rows.square().sum(1);
    return some;
  }
};

NearestCentroids::NearestCentroids(torch::Tensor rows)
    : rows_(std::move(rows)), distances_(rows_.size(0), kNever), labels_(rows_.size(0), 0) {
  std::vector<torch::Tensor> norms;
  for (const auto& piece : rows_.split(kPieceRows)) norms.push_back(piece.square().sum(1));
  row_norms_ = at::cat(norms);
}

bool NearestCentroids::update(const torch::Tensor& centroids, const std::function<bool(double share)>& go_on) {
  std::vector<bool> has_moved = moved_rows(centroids_, centroids);
  if (!std::ranges::count(has_moved, true)) return true;
  if (!is_worth_choosing(has_moved, labels_)) std::fill(has_moved.begin(), has_moved.end(), true);
  centroids_ = centroids.clone();
  const auto moved = Centroids::select(centroids, has_moved, true, rows_.device());
  const auto still = Centroids::select(centroids, has_moved, false, rows_.device());
  const std::int64_t n = rows_.size(0);
  const std::int64_t row_bytes = centroids.size(0) * static_cast<std::int64_t>(sizeof(float));
  const std::int64_t tile = std::max<std::int64_t>(kTileBytes / row_bytes, 16);
  for (std::int64_t begin = 0; begin < n; begin += tile) {
    if (go_on && !go_on(static_cast<double>(begin) / static_cast<double>(n))) return false;
    update_tile(begin, std::min(begin + tile, n), moved, still, has_moved);
  }
  return true;
}

void NearestCentroids::update_tile(std::int64_t begin, std::int64_t end, const Centroids& moved, const Centroids& still,
                                   const std::vector<bool>& has_moved) {
  std::vector<std::int64_t> left_behind;  // their centroid is no longer where it was
  for (std::int64_t row = begin; row < end; ++row) {
    if (!has_moved[labels_[row]]) continue;
    left_behind.push_back(row);
    distances_[row] = kNever;
  }
  if (!left_behind.empty() && !still.ids.empty()) {
    const auto index = to_index(left_behind).to(rows_.device());
    take_nearer(rows_.index_select(0, index), row_norms_.index_select(0, index), left_behind, still);
  }
  std::vector<std::int64_t> every(static_cast<std::size_t>(end - begin));
  std::iota(every.begin(), every.end(), begin);
  take_nearer(rows_.slice(0, begin, end), row_norms_.slice(0, begin, end), every, moved);
}

void NearestCentroids::take_nearer(const torch::Tensor& rows, const torch::Tensor& row_norms,
                                   std::span<const std::int64_t> positions, const Centroids& centroids) {
  const auto products = rows.mm(centroids.rows.t());
  const auto find = products.is_cpu() ? nearest_on_cpu : nearest_on_device;
  const Nearest nearest = find(products, row_norms, centroids.norms);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const std::int64_t row = positions[i], label = centroids.ids[nearest.columns[i]];
    const std::pair candidate(nearest.distances[i], label), known(distances_[row], labels_[row]);
    if (distances_[row] == kNever || candidate < known) std::tie(distances_[row], labels_[row]) = candidate;
  }
}

}  // namespace oodml::metrics
