#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/embedding_map/near_rows.h"

namespace oodml::embedding_map {

/// A symmetric graph, row by row: the neighbours of row i are to[starts[i]] to to[starts[i + 1] - 1], ascending.
struct FuzzyGraph {
  std::vector<std::int64_t> starts;  ///< [N + 1]
  std::vector<std::int64_t> to;
  std::vector<double> weights;  ///< (0, 1]

  std::int64_t size() const { return static_cast<std::int64_t>(starts.size()) - 1; }
};

/// How far a row's membership reaches.
struct SmoothDistance {
  double rho = 0.0;    ///< Distance of the nearest row that is not equal; up to it membership is 1.
  double sigma = 0.0;  ///< Beyond, it is exp(-(d - rho) / sigma).
};

/// distances: of the other rows, ascending. sigma is such that the memberships sum to log2(n + 1), n their number, by
/// bisection to 1e-5, but at least a thousandth of the mean distance: of these with the row's own, 0, or, where rho is
/// 0, `mean_of_all`. Source: McInnes et al. 2018, Sec. 3.1 and Alg. 3; the bound as in umap-learn.
SmoothDistance smooth_distance(std::span<const double> distances, double mean_of_all);

/// Memberships of the neighbours, joined in both directions: w = p + q - p q. Source: McInnes et al. 2018, Alg. 1
/// and 2.
FuzzyGraph fuzzy_graph(const NearRows& near);

/// Component of every row, numbered by their first rows; and how many there are.
struct Components {
  std::vector<std::int64_t> of;
  std::int64_t count = 0;
};
Components components_of(const FuzzyGraph& graph);

}  // namespace oodml::embedding_map
