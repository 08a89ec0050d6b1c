#include "core/samplers/disthist_cost.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/samplers/coreset.h"

namespace oodml::samplers {
namespace {

constexpr double kHistogramWeight = 75.0 * 2.0;

/// Bins of equal width from `low` to `high`, both included; what lies outside is not counted.
struct Bins {
  double low = 0.0, high = 0.0;
  std::int64_t count = 0;
};

/// Between different rows of x [b, D]: [b, b] double.
torch::Tensor distances_of(const torch::Tensor& x) { return squared_distances(x).sqrt(); }

Bins range_of(const torch::Tensor& distances, std::int64_t bins) {
  const auto size = distances.size(0);
  const auto upper = distances.masked_select(at::ones({size, size}, at::kBool).triu(1));
  if (upper.numel() == 0) return {-0.5, 0.5, bins};
  const double low = upper.min().item<double>(), high = upper.max().item<double>();
  return low < high ? Bins{low, high, bins} : Bins{low - 0.5, high + 0.5, bins};
}

/// Heights of the histogram of the distances between these rows, sorted; their sum is 1 unless all lie outside.
std::vector<double> sorted_heights(const torch::Tensor& distances, const std::int64_t* rows, std::int64_t n,
                                   const Bins& bins) {
  const double* matrix = distances.const_data_ptr<double>();
  const double scale = static_cast<double>(bins.count) / (bins.high - bins.low);
  std::vector<double> heights(static_cast<std::size_t>(bins.count));
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = i + 1; j < n; ++j) {
      const double distance = matrix[rows[i] * distances.size(1) + rows[j]];
      if (!(distance >= bins.low && distance <= bins.high)) continue;
      const auto bin = static_cast<std::int64_t>((distance - bins.low) * scale);
      ++heights[static_cast<std::size_t>(std::min(bin, bins.count - 1))];
    }
  }
  const double total = std::max(std::accumulate(heights.begin(), heights.end(), 0.0), 1.0);
  for (double& height : heights) height /= total;
  std::sort(heights.begin(), heights.end());
  return heights;
}

double mean_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum / static_cast<double>(a.size());
}

}  // namespace

torch::Tensor disthist_cost(const torch::Tensor& x, const torch::Tensor& candidates, std::int64_t bins) {
  const auto big = x.to(at::kDouble);
  const auto chosen = candidates.contiguous();
  const auto count = chosen.size(0), n = chosen.size(1);
  const auto rows = big.index_select(0, chosen.view({-1})).view({count, n, big.size(1)});
  auto cost = (rows.mean(1) - big.mean(0)).norm(2, 1) +
              (rows.std(1, /*unbiased=*/false) - big.std(0, /*unbiased=*/false)).norm(2, 1);  // [K]

  const auto distances = distances_of(big);
  const Bins range = range_of(distances, bins);
  const auto all = at::arange(big.size(0), at::kLong);
  const auto whole = sorted_heights(distances, all.const_data_ptr<std::int64_t>(), big.size(0), range);
  double* costs = cost.mutable_data_ptr<double>();
  for (std::int64_t k = 0; k < count; ++k) {
    const auto part = sorted_heights(distances, chosen.const_data_ptr<std::int64_t>() + k * n, n, range);
    costs[k] += kHistogramWeight * mean_difference(whole, part);
  }
  return cost;
}

}  // namespace oodml::samplers
