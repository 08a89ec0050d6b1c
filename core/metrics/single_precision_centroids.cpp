#include <ATen/Parallel.h>

#include <limits>
#include <tuple>
#include <utility>

#include "core/metrics/nearest_centroids.h"
#include "core/metrics/nearest_column.h"

namespace oodml::metrics {
namespace {

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

class SinglePrecisionCentroids final : public NearestCentroids {
 public:
  explicit SinglePrecisionCentroids(torch::Tensor rows) : NearestCentroids(rows.size(0)), rows_(std::move(rows)) {
    std::vector<torch::Tensor> norms;
    for (const auto& piece : rows_.split(kNormRows)) norms.push_back(piece.square().sum(1));
    row_norms_ = at::cat(norms);
  }

 protected:
  void prepare(Centroids& some) const override {
    const auto rows = centroids_.index_select(0, at::tensor(some.ids, at::kLong)).to(rows_.device());
    some.columns = rows.t();
    some.squares = rows.square().sum(1);
  }

  void take_nearer(std::span<const std::int64_t> positions, const Centroids& centroids) override {
    const auto products = rows_at(rows_, positions).mm(centroids.columns);
    const auto find = products.is_cpu() ? nearest_on_cpu : nearest_on_device;
    const Nearest nearest = find(products, rows_at(row_norms_, positions), centroids.squares);
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const std::int64_t row = positions[i], label = centroids.ids[nearest.columns[i]];
      const std::pair candidate(static_cast<double>(nearest.distances[i]), label), known(distances_[row], labels_[row]);
      const bool nothing_known = distances_[row] == std::numeric_limits<double>::infinity();
      if (nothing_known || candidate < known) std::tie(distances_[row], labels_[row]) = candidate;
    }
  }

 private:
  const torch::Tensor rows_;
  torch::Tensor row_norms_;
};

}  // namespace

std::unique_ptr<NearestCentroids> nearest_in_single_precision(torch::Tensor rows) {
  return std::make_unique<SinglePrecisionCentroids>(std::move(rows));
}

}  // namespace oodml::metrics
