#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "core/base/result.h"
#include "core/embedding_map/row_checks.h"

namespace oodml::embedding_map {

/// Defaults as of umap-learn.
struct UmapOptions {
  std::int64_t neighbours = 15;  ///< Of a row, itself among them; 2 or more. Fewer where there are not so many rows.
  double min_dist = 0.1;         ///< How near points may lie in the map; 0 to spread.
  double spread = 1.0;           ///< Its scale; > 0.
  Metric metric = Metric::kEuclidean;
  std::optional<std::int64_t> epochs;  ///< By default 500, and 200 for more than 10 000 rows.
  double learning_rate = 1.0;
  std::uint64_t seed = 0;
  /// Hears what is done and how much of it. May be empty.
  std::function<void(std::string_view what, double share)> progress;
};

/// A map of rows in the plane in which near rows lie near: uniform manifold approximation and projection. Exact
/// neighbours, a spectral start, then descent. rows [N, D] of any floating point type; gives [N, 2] double. A row alone
/// lies at 0. kInvalidArgument for rows as of checked_rows and for options out of range. The same bits for a seed and
/// any number of threads. Source: McInnes, Healy and Melville, "UMAP: Uniform Manifold Approximation and Projection for
/// Dimension Reduction", arXiv:1802.03426, 2018; docs/splits.md#maps.
Result<torch::Tensor> umap(const torch::Tensor& rows, const UmapOptions& options);

}  // namespace oodml::embedding_map
