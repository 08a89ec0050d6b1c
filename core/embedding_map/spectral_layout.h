#pragma once

#include <torch/types.h>

#include "core/embedding_map/fuzzy_graph.h"

namespace oodml::embedding_map {

/// Where the map begins: [N, 2] double. The two eigenvectors of the graph's normalised Laplacian after the first, each
/// component of the graph by itself; several are put around the principal components of their centres, each so large
/// that it reaches half the way to the next. rows [N, D] double, of which the graph is. Nothing is drawn. Call on one
/// thread (fixed_parts.h). Source: McInnes et al. 2018, Sec. 3.2 and Alg. 4; for components as umap-learn, which puts
/// up to four on axes instead.
torch::Tensor spectral_layout(const FuzzyGraph& graph, const torch::Tensor& rows);

}  // namespace oodml::embedding_map
