#include "core/embedding_map/umap.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "core/base/seeds.h"
#include "core/embedding_map/fixed_parts.h"
#include "core/embedding_map/fuzzy_graph.h"
#include "core/embedding_map/graph_layout.h"
#include "core/embedding_map/near_rows.h"
#include "core/embedding_map/spectral_layout.h"

namespace oodml::embedding_map {
namespace {

constexpr std::int64_t kMostRows = std::int64_t{1} << 31;  // that a map numbers
constexpr double kSide = 10.0, kNoise = 1e-4;              // of the start

Status check_options(const UmapOptions& options) {
  if (options.neighbours < 2) {
    return invalid_argument("umap: neighbours " + std::to_string(options.neighbours) +
                            ": wants at least 2, a row itself being one");
  }
  if (!(options.spread > 0.0) || !(options.min_dist >= 0.0) || !(options.min_dist <= options.spread) ||
      !std::isfinite(options.spread)) {
    return invalid_argument("umap: min_dist must lie between 0 and spread, and spread above 0");
  }
  if (options.epochs.value_or(1) < 1 || !(options.learning_rate > 0.0)) {
    return invalid_argument("umap: epochs must be 1 or more, and the learning rate above 0");
  }
  return {};
}

/// Into a square of side kSide, and so that equal rows do not lie on one spot, from which nothing could move them.
torch::Tensor spread_out(torch::Tensor layout, std::uint64_t seed) {
  const auto low = std::get<0>(layout.min(0)), high = std::get<0>(layout.max(0));
  layout = (layout - low) * (kSide / (high - low).clamp_min(1e-300));
  Random random = Seeds(seed).stream("map start");
  double* const values = layout.data_ptr<double>();
  for (std::int64_t i = 0; i < layout.numel(); ++i) values[i] += random.uniform(-kNoise, kNoise);
  return layout;
}

}  // namespace

Result<torch::Tensor> umap(const torch::Tensor& given, const UmapOptions& options) {
  OODML_RETURN_IF_ERROR(check_options(options));
  OODML_ASSIGN_OR_RETURN(const torch::Tensor rows, checked_rows(given, options.metric, "umap"));
  const std::int64_t n = rows.size(0);
  if (n >= kMostRows) return invalid_argument("umap: " + std::to_string(n) + " rows are more than a map can have");
  if (n == 1) return at::zeros({1, 2}, at::kDouble);
  const at::NoGradGuard no_grad;
  const auto tell = [&](std::string_view what, double share) {
    if (options.progress) options.progress(what, share);
  };
  tell("neighbours", 0.0);
  NearRows near = near_rows(rows, std::min(options.neighbours, n) - 1);
  if (options.metric == Metric::kCosine) {
    for (double& distance : near.distances) distance = distance * distance / 2;
  }
  tell("graph", 0.0);
  const FuzzyGraph graph = fuzzy_graph(near);
  const OneThread one_thread;
  const auto start = spread_out(spectral_layout(graph, rows).contiguous(), options.seed);
  return layout_of(graph, start,
                   {.curve = fit_curve(options.min_dist, options.spread),
                    .epochs = options.epochs.value_or(n <= 10'000 ? 500 : 200),
                    .learning_rate = options.learning_rate,
                    .seed = options.seed,
                    .progress = [&](double share) { tell("map", share); }});
}

}  // namespace oodml::embedding_map
