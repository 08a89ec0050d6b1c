#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>

#include "core/embedding_map/curve.h"
#include "core/embedding_map/fuzzy_graph.h"

namespace oodml::embedding_map {

struct LayoutOptions {
  Curve curve;
  std::int64_t epochs = 500;
  double learning_rate = 1.0;  ///< Of the first epoch; it falls to 0 in a line.
  std::uint64_t seed = 0;
  std::function<void(double share)> progress;  ///< Called before each epoch. May be empty.
};

/// Moves the points of `start` [N, 2] so that near points of the graph come near and others keep away: stochastic
/// gradient descent, an edge of weight w in w / max w of the epochs, with kNegatives random points for each. One edge
/// after the other, on one thread: the same bits everywhere but for the rounding of other processors. Gives [N, 2]
/// double. Source: McInnes et al. 2018, Alg. 5; as umap-learn, gradients are cut to 4 and both ends of an edge move.
torch::Tensor layout_of(const FuzzyGraph& graph, const torch::Tensor& start, const LayoutOptions& options);

}  // namespace oodml::embedding_map
