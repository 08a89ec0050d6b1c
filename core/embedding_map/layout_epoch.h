#pragma once

#include <cstdint>
#include <vector>

#include "core/embedding_map/curve.h"

namespace oodml::embedding_map {

inline constexpr int kNegatives = 5;  ///< Random points for each edge.

/// A layout while it is computed, in single precision as umap-learn's.
struct LayoutState {
  std::vector<float> x, y;                  ///< [N]
  std::vector<std::int64_t> starts;         ///< [N + 1] edges of a point
  std::vector<std::int32_t> to;             ///< [E]
  std::vector<float> epochs_between, next;  ///< [E] an edge's turns, and when the next one is
};

/// One epoch: every edge whose turn has come. `key`: of the random points of this epoch.
void run_epoch(LayoutState& state, Curve curve, std::int64_t epoch, double rate, std::uint64_t key);

/// x^exponent for x > 0 in the arithmetic of the layout: within 1e-5 of it for exponents in [0, 4] and results that are
/// neither very large nor very small; of 0 a very small number.
float layout_power(float x, float exponent);

}  // namespace oodml::embedding_map
