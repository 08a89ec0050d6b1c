#include "core/embedding_map/trustworthiness.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "core/embedding_map/fixed_parts.h"
#include "core/embedding_map/near_rows.h"

namespace oodml::embedding_map {
namespace {

constexpr std::int64_t kTileDistances = 1 << 23;

/// How many rows are nearer to i than j is; squared [N]: distances of all rows to i.
std::int64_t nearer_than(const double* squared, std::int64_t n, std::int64_t i, std::int64_t j) {
  const double limit = squared[j];
  std::int64_t nearer = 0;
  for (std::int64_t l = 0; l < n; ++l) nearer += squared[l] < limit ? 1 : 0;
  for (std::int64_t l = 0; l < j; ++l) nearer += squared[l] == limit ? 1 : 0;
  return nearer - (squared[i] < limit || (squared[i] == limit && i < j) ? 1 : 0);
}

/// Sum over a point's neighbours in the map of how far their ranks lie beyond k.
std::int64_t intrusion(const double* squared, std::int64_t i, const NearRows& near) {
  std::int64_t sum = 0;
  for (const std::int64_t j : near.rows_of(i)) {
    sum += std::max<std::int64_t>(0, nearer_than(squared, near.count, i, j) + 1 - near.each);
  }
  return sum;
}

}  // namespace

Result<double> trustworthiness(const torch::Tensor& given, const torch::Tensor& map, std::int64_t k, Metric metric) {
  OODML_ASSIGN_OR_RETURN(const torch::Tensor rows, checked_rows(given, metric, "trustworthiness"));
  OODML_ASSIGN_OR_RETURN(const torch::Tensor points, checked_rows(map, Metric::kEuclidean, "trustworthiness, map"));
  const std::int64_t n = rows.size(0);
  if (points.size(0) != n) {
    return invalid_argument("trustworthiness: " + std::to_string(n) + " rows, but " + std::to_string(points.size(0)) +
                            " points of the map");
  }
  if (k < 1 || 2 * k >= n) {
    return invalid_argument("trustworthiness: " + std::to_string(k) + " neighbours of " + std::to_string(n) +
                            " points; wants 1 or more, and fewer than half of the points");
  }
  const NearRows near = near_rows(points, k);
  const auto squares = rows.square().sum(1);  // [N]
  const std::int64_t tile = std::clamp<std::int64_t>(kTileDistances / n, 16, 256), tiles = (n + tile - 1) / tile;
  std::vector<std::int64_t> sums(static_cast<std::size_t>(tiles), 0);
  for_each_part(tiles, [&](std::int64_t part) {
    const at::NoGradGuard no_grad;
    const std::int64_t begin = part * tile, end = std::min(begin + tile, n);
    const auto squared = at::mm(rows.slice(0, begin, end), rows.t()).mul_(-2).add_(squares);  // less |x_i|^2
    for (std::int64_t i = begin; i < end; ++i) {
      sums[static_cast<std::size_t>(part)] += intrusion(squared.const_data_ptr<double>() + (i - begin) * n, i, near);
    }
  });
  const auto sum = static_cast<double>(std::accumulate(sums.begin(), sums.end(), std::int64_t{0}));
  return 1.0 - 2.0 * sum / (static_cast<double>(n) * static_cast<double>(k) * static_cast<double>(2 * n - 3 * k - 1));
}

}  // namespace oodml::embedding_map
