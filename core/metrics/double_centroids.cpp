#include "core/metrics/double_centroids.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>

#include "core/metrics/double_rows.h"

namespace oodml::metrics {
namespace {

using products::RowRange;

constexpr float kInfinite = std::numeric_limits<float>::infinity();
constexpr std::int64_t kTileRows = 2 * products::kPanelRows, kTileColumns = 4 * products::kPanelRows;
constexpr std::int64_t kRoundProducts = std::int64_t{1} << 33;  // between two questions whether to go on

/// A double as a float that is not smaller, or not larger.
float rounded_up(double value) { return static_cast<float>(value) * (1.0f + 0x1p-20f) + 0x1p-120f; }
float rounded_down(double value) { return static_cast<float>(value) * (1.0f - 0x1p-20f) - 0x1p-120f; }

std::vector<std::int64_t> all_below(std::int64_t count) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

ScreenedRows screened_rows(const SpaceRows& rows, const Centring& centring) {
  return ScreenedRows(rows.size(), rows.dim(), [&](std::int64_t row, float* moved) {
    return rows.move(row, centring.centre, centring.scale, moved);
  });
}

/// The rows moved to their centre; `centring` gets the scale they need.
ScreenedRows screened_rows_to_scale(const SpaceRows& rows, Centring& centring) {
  auto screened = screened_rows(rows, centring);
  centring.scale = Centring::scale_for(screened.longest());
  return centring.scale == 1.0 ? std::move(screened) : screened_rows(rows, centring);
}

}  // namespace

/// Some rows against some centroids.
struct DoubleCentroids::Pass {
  const ScreenedRows& rows;
  std::span<const std::int64_t> row_ids;  ///< Of the rows; empty: 0, 1, ...
  const ScreenedRows& columns;
  std::span<const std::int64_t> column_ids;
  const std::vector<bool>* has_moved;  ///< Of all centroids; null: the columns are all of them.
  double first_share, last_share;      ///< Of the update.

  std::int64_t row(std::int64_t i) const { return row_ids.empty() ? i : row_ids[i]; }
};

/// What is known about a row, in scaled squared distances.
struct DoubleCentroids::Known {
  float most = kInfinite;                       ///< A centroid is as near as this.
  float least = kInfinite, second = kInfinite;  ///< The two smallest of what the columns are at least away.
  std::vector<Candidate> candidates;            ///< All columns that may be the nearest.

  /// What all columns are at least away but one, of which that is `its_least`.
  float rest_without(float its_least) const { return its_least <= least ? second : least; }
};

/// Buffers of one thread.
struct DoubleCentroids::Tile {
  std::vector<std::int32_t> products = std::vector<std::int32_t>(kTileRows * kTileColumns);
  std::vector<float> least = std::vector<float>(kTileColumns);
  std::vector<Known> rows = std::vector<Known>(kTileRows);
};

DoubleCentroids::DoubleCentroids(const SpaceRows& rows)
    : rows_(rows),
      centring_{.centre = rows.mean()},
      screened_(screened_rows_to_scale(rows, centring_)),
      labels_(static_cast<std::size_t>(rows.size()), -1),
      upper_(labels_.size(), kInfinite),
      lower_(labels_.size(), kInfinite),
      left_behind_(labels_.size(), 0) {}

std::vector<bool> DoubleCentroids::take_over(const torch::Tensor& centroids) {
  const auto given = centroids.contiguous();
  std::vector<bool> moved(static_cast<std::size_t>(given.size(0)), !centroids_.defined());
  if (!centroids_.defined()) {
    centroids_ = given.clone();
    return moved;
  }
  const auto bytes = static_cast<std::size_t>(rows_.dim()) * sizeof(double);
  const auto* from = given.const_data_ptr<double>();
  auto* to = centroids_.mutable_data_ptr<double>();
  for (std::size_t c = 0; c < moved.size(); ++c, from += rows_.dim(), to += rows_.dim()) {
    if (std::memcmp(from, to, bytes) == 0) continue;
    moved[c] = true;
    std::memcpy(to, from, bytes);
  }
  return moved;
}

ScreenedRows DoubleCentroids::screened(std::span<const std::int64_t> centroids) const {
  const std::vector<double> nowhere(static_cast<std::size_t>(rows_.dim()), 0.0);
  const auto* const values = centroids_.const_data_ptr<double>();
  return ScreenedRows(std::ssize(centroids), rows_.dim(), [&](std::int64_t i, float* moved) {
    return move_row(values + centroids[i] * rows_.dim(), 1.0, nowhere.data(), centring_.scale, rows_.dim(), moved);
  });
}

bool DoubleCentroids::update(const torch::Tensor& centroids, const GoOn& go_on) {
  const bool is_first = !centroids_.defined();
  const std::vector<bool> has_moved = take_over(centroids);
  const auto k = std::ssize(has_moved);
  moved_ = std::ranges::count(has_moved, true);
  if (moved_ == 0) return true;
  std::vector<std::int64_t> ids = all_below(k);
  const bool every = is_first || moved_ >= k - k / 10;  // the few others tell where rows stand
  if (!every) std::erase_if(ids, [&](std::int64_t id) { return !has_moved[id]; });
  const ScreenedRows columns = screened(ids);
  const Pass pass{screened_, {}, columns, ids, every ? nullptr : &has_moved, 0.0, every ? 1.0 : 0.5};
  return run(pass, go_on) && (every || run_left_behind(go_on));
}

bool DoubleCentroids::run_left_behind(const GoOn& go_on) {
  std::vector<std::int64_t> rows = all_below(rows_.size());
  std::erase_if(rows, [&](std::int64_t row) { return !left_behind_[row]; });
  if (rows.empty()) return true;
  std::ranges::fill(left_behind_, 0);
  const std::vector<std::int64_t> ids = all_below(centroids_.size(0));
  const ScreenedRows columns = screened(ids), some = ScreenedRows::chosen(screened_, rows);
  return run(Pass{some, rows, columns, ids, nullptr, 0.5, 1.0}, go_on);
}

bool DoubleCentroids::run(const Pass& pass, const GoOn& go_on) {
  const std::int64_t n = pass.rows.size(), row_products = pass.columns.size() * rows_.dim();
  const std::int64_t tiles = (n + kTileRows - 1) / kTileRows;
  const std::int64_t round =
      std::max(kRoundProducts / (row_products * kTileRows), 8 * std::int64_t{at::get_num_threads()});
  for (std::int64_t begin = 0; begin < tiles; begin += round) {
    const double done = static_cast<double>(begin) / static_cast<double>(tiles);
    if (go_on && !go_on(pass.first_share + done * (pass.last_share - pass.first_share))) return false;
    at::parallel_for(begin, std::min(begin + round, tiles), /*grain_size=*/1, [&](std::int64_t from, std::int64_t to) {
      Tile tile;
      for (std::int64_t t = from; t < to; ++t) {
        run_tile(pass, {t * kTileRows, std::min((t + 1) * kTileRows, n)}, tile);
      }
    });
  }
  return true;
}

void DoubleCentroids::run_tile(const Pass& pass, RowRange rows, Tile& tile) {
  for (std::int64_t i = 0; i < rows.size(); ++i) {
    const std::int64_t row = pass.row(rows.first + i), own = labels_[row];
    const bool own_is_known = pass.has_moved != nullptr && !(*pass.has_moved)[own];
    auto& known = tile.rows[i];
    known.most = own_is_known ? upper_[row] : kInfinite;
    known.least = known.second = kInfinite;
    known.candidates.clear();
  }
  for (std::int64_t j = 0; j < pass.columns.size(); j += kTileColumns) {
    const RowRange columns{j, std::min(j + kTileColumns, pass.columns.size())};
    multiply(pass.rows.integers(), rows, pass.columns.integers(), columns, tile.products.data(), kTileColumns);
    for (std::int64_t i = 0; i < rows.size(); ++i) {
      auto& known = tile.rows[i];
      const Screened found = screen(pass.rows, rows.first + i, pass.columns, columns,
                                    tile.products.data() + i * kTileColumns, tile.least.data());
      known.most = std::min(known.most, found.most);
      known.second = std::min({known.second, found.second, std::max(known.least, found.least)});
      known.least = std::min(known.least, found.least);
      if (found.least > known.most) continue;
      append_up_to({tile.least.data(), static_cast<std::size_t>(columns.size())}, known.most, j, known.candidates);
    }
  }
  for (std::int64_t i = 0; i < rows.size(); ++i) settle(pass, pass.row(rows.first + i), tile.rows[i]);
}

double DoubleCentroids::squared_distance(std::int64_t row, std::int64_t centroid) const {
  return rows_.squared_distance(row, centring_.centre, centroids_.const_data_ptr<double>() + centroid * rows_.dim());
}

/// Decides for a row whose candidates are known.
void DoubleCentroids::settle(const Pass& pass, std::int64_t row, Known& known) {
  const std::int64_t own = labels_[row];
  const bool every = pass.has_moved == nullptr, own_stayed = !every && !(*pass.has_moved)[own];
  std::erase_if(known.candidates, [&](const Candidate& candidate) { return candidate.least > known.most; });
  const float others = every ? kInfinite : lower_[row];
  if (own_stayed && known.candidates.empty()) {
    lower_[row] = std::min(others, known.least);
    return;
  }
  if (!every && !own_stayed && others <= known.most) {
    left_behind_[row] = 1;
    return;
  }
  if (own_stayed || known.candidates.size() != 1) return compare(pass, row, known, own_stayed);
  const Candidate& only = known.candidates.front();
  labels_[row] = pass.column_ids[only.column];
  upper_[row] = known.most;
  lower_[row] = std::min(others, known.rest_without(only.least));
}

/// In float64: the candidates, and the own centroid where it stayed.
void DoubleCentroids::compare(const Pass& pass, std::int64_t row, const Known& known, bool own_stayed) {
  std::pair best(std::numeric_limits<double>::infinity(), std::numeric_limits<std::int64_t>::max());
  float least = kInfinite;  // of the best
  for (const Candidate& candidate : known.candidates) {
    const std::int64_t id = pass.column_ids[candidate.column];
    const std::pair other(squared_distance(row, id), id);
    if (!(other < best)) continue;
    best = other;
    least = candidate.least;
  }
  float lower = pass.has_moved == nullptr ? kInfinite : lower_[row];
  if (own_stayed) {
    const std::pair stayed(squared_distance(row, labels_[row]), labels_[row]);
    if (best < stayed) {
      lower = std::min(lower, rounded_down(scaled(stayed.first)));
    } else {
      best = stayed;
      least = kInfinite;
    }
  }
  labels_[row] = best.second;
  upper_[row] = rounded_up(scaled(best.first));
  lower_[row] = std::min(lower, known.rest_without(least));
}

double DoubleCentroids::objective() const {
  std::vector<double> distances(labels_.size());
  at::parallel_for(0, rows_.size(), /*grain_size=*/256, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t row = first; row < last; ++row) distances[row] = squared_distance(row, labels_[row]);
  });
  return std::accumulate(distances.begin(), distances.end(), 0.0);
}

}  // namespace oodml::metrics
