#pragma once

namespace oodml::embedding_map {

/// The similarity of two points of the map at distance d: 1 / (1 + a d^(2 b)).
struct Curve {
  double a = 0.0, b = 0.0;
};

/// The curve nearest, by least squares at 300 distances up to 3 `spread`, to one that is 1 up to `min_dist` and then
/// exp(-(d - min_dist) / spread). Both > 0 but for min_dist, which may be 0; min_dist <= spread.
/// Source: McInnes et al., "UMAP", arXiv:1802.03426, 2018, Sec. 3.2; docs/splits.md#maps.
Curve fit_curve(double min_dist, double spread);

}  // namespace oodml::embedding_map
