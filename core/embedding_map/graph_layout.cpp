#include "core/embedding_map/graph_layout.h"

#include <algorithm>

#include "core/base/seeds.h"
#include "core/embedding_map/layout_epoch.h"

namespace oodml::embedding_map {
namespace {

std::vector<float> column_of(const torch::Tensor& points, std::int64_t column) {
  const auto values = points.select(1, column).to(at::kCPU, at::kFloat).contiguous();
  const float* const data = values.const_data_ptr<float>();
  return {data, data + values.numel()};
}

/// Edges too weak for a single turn are left out.
LayoutState state_of(const FuzzyGraph& graph, const torch::Tensor& start, std::int64_t epochs) {
  LayoutState state{.x = column_of(start, 0), .y = column_of(start, 1)};
  const double most = graph.weights.empty() ? 1.0 : std::ranges::max(graph.weights);
  state.starts.push_back(0);
  for (std::size_t i = 0; i + 1 < graph.starts.size(); ++i) {
    for (auto edge = static_cast<std::size_t>(graph.starts[i]); edge < static_cast<std::size_t>(graph.starts[i + 1]);
         ++edge) {
      if (graph.weights[edge] < most / static_cast<double>(epochs)) continue;
      state.to.push_back(static_cast<std::int32_t>(graph.to[edge]));
      state.epochs_between.push_back(static_cast<float>(most / graph.weights[edge]));
    }
    state.starts.push_back(static_cast<std::int64_t>(state.to.size()));
  }
  state.next = state.epochs_between;
  return state;
}

}  // namespace

torch::Tensor layout_of(const FuzzyGraph& graph, const torch::Tensor& start, const LayoutOptions& options) {
  LayoutState state = state_of(graph, start, options.epochs);
  const Seeds seeds(options.seed);
  for (std::int64_t epoch = 0; epoch < options.epochs; ++epoch) {
    const double share = static_cast<double>(epoch) / static_cast<double>(options.epochs);
    if (options.progress) options.progress(share);
    run_epoch(state, options.curve, epoch, options.learning_rate * (1.0 - share),
              seeds.derive("map", {static_cast<std::uint64_t>(epoch)}));
  }
  return at::stack({at::tensor(state.x, at::kFloat), at::tensor(state.y, at::kFloat)}, 1).to(at::kDouble);
}

}  // namespace oodml::embedding_map
