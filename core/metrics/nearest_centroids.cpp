#include "core/metrics/nearest_centroids.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

namespace oodml::metrics {
namespace {

constexpr std::int64_t kCentroidTileBytes = 16 << 20;
constexpr double kNoDistance = std::numeric_limits<double>::infinity();

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

}  // namespace

NearestCentroids::NearestCentroids(std::int64_t n)
    : distances_(static_cast<std::size_t>(n), kNoDistance), labels_(static_cast<std::size_t>(n), 0) {}

NearestCentroids::Centroids NearestCentroids::select(const std::vector<bool>& has_moved, bool moved) const {
  Centroids some;
  for (std::size_t c = 0; c < has_moved.size(); ++c) {
    if (has_moved[c] == moved) some.ids.push_back(static_cast<std::int64_t>(c));
  }
  prepare(some);
  return some;
}

torch::Tensor NearestCentroids::rows_at(const torch::Tensor& rows, std::span<const std::int64_t> positions) {
  const auto count = static_cast<std::int64_t>(positions.size());
  if (positions.back() - positions.front() + 1 == count) return rows.slice(0, positions.front(), positions.back() + 1);
  const auto index = at::tensor(at::ArrayRef<std::int64_t>(positions.data(), positions.size()), at::kLong);
  return rows.index_select(0, index.to(rows.device()));
}

bool NearestCentroids::update(const torch::Tensor& centroids, const std::function<bool(double share)>& go_on) {
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

void NearestCentroids::update_tile(std::int64_t begin, std::int64_t end, const Centroids& moved, const Centroids& still,
                                   const std::vector<bool>& has_moved) {
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

}  // namespace oodml::metrics
