#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/metrics/double_rows.h"
#include "core/metrics/nearest_centroids.h"
#include "core/metrics/nearest_column.h"

namespace oodml::metrics {
namespace {

constexpr float kUp = 1.0f + 0x1p-20f;  // no rounding on the way to single precision may leave a centroid out

class DoubleCentroids final : public NearestCentroids {
 public:
  DoubleCentroids(const SpaceRows& rows, const CentredRows& centred, const Centring& centring)
      : NearestCentroids(rows.size()), rows_(rows), centred_(centred), centring_(centring) {}

 protected:
  void prepare(Centroids& some) const override {
    const auto count = static_cast<std::int64_t>(some.ids.size());
    auto rows = at::empty({count, rows_.dim()}, at::kFloat);
    some.squares = at::empty({count}, at::kFloat);
    some.norms = at::empty({count}, at::kFloat);
    const std::vector<double> nowhere(static_cast<std::size_t>(rows_.dim()), 0.0);
    for (std::int64_t i = 0; i < count; ++i) {
      const double square = move_row(centroid(some.ids[i]), 1.0, nowhere.data(), centring_.scale, rows_.dim(),
                                     rows.mutable_data_ptr<float>() + i * rows_.dim());
      some.squares.mutable_data_ptr<float>()[i] = static_cast<float>(square);
      some.norms.mutable_data_ptr<float>()[i] = static_cast<float>(std::sqrt(square)) * kUp;
    }
    some.columns = rows.t();
  }

  void take_nearer(std::span<const std::int64_t> positions, const Centroids& centroids) override {
    auto products = rows_at(centred_.rows, positions).mm(centroids.columns);
    const std::int64_t width = products.size(1);
    float* const tile = products.mutable_data_ptr<float>();
    at::parallel_for(0, products.size(0), /*grain_size=*/16, [&](std::int64_t first, std::int64_t last) {
      std::vector<std::int64_t> near;
      for (std::int64_t i = first; i < last; ++i) {
        take_nearer(positions[i], {tile + i * width, static_cast<std::size_t>(width)}, centroids, near);
      }
    });
  }

 private:
  const double* centroid(std::int64_t id) const { return centroids_.const_data_ptr<double>() + id * rows_.dim(); }

  /// Of one row; `products` are overwritten.
  void take_nearer(std::int64_t row, std::span<float> products, const Centroids& centroids,
                   std::vector<std::int64_t>& near) {
    const double scale = centring_.scale;
    const auto error = static_cast<float>(screening_error(rows_.dim()));
    const ScreenedColumns columns{{centroids.squares.const_data_ptr<float>(), products.size()},
                                  {centroids.norms.const_data_ptr<float>(), products.size()},
                                  error};
    const float most = to_least_distances(products, columns, static_cast<float>(centred_.norms[row]));
    const auto known = static_cast<float>(distances_[row] * scale * scale) * kUp;
    near.clear();
    append_up_to(products, std::min(most, known), near);
    std::pair best(distances_[row], labels_[row]);
    if (best.first == std::numeric_limits<double>::infinity()) best.second = INT64_MAX;
    for (const std::int64_t column : near) {
      const std::int64_t id = centroids.ids[column];
      best = std::min(best, {rows_.squared_distance(row, centring_.centre, centroid(id)), id});
    }
    std::tie(distances_[row], labels_[row]) = best;
  }

  const SpaceRows& rows_;
  const CentredRows& centred_;
  const Centring& centring_;
};

}  // namespace

std::unique_ptr<NearestCentroids> nearest_in_double_precision(const SpaceRows& rows, const CentredRows& centred,
                                                              const Centring& centring) {
  return std::make_unique<DoubleCentroids>(rows, centred, centring);
}

}  // namespace oodml::metrics
