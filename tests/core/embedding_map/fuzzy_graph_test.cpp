#include "core/embedding_map/fuzzy_graph.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::embedding_map {
namespace {

using Distances = std::vector<double>;

/// Rows of a line with `each` neighbours.
NearRows neighbours_of(const std::vector<double>& places, std::int64_t each) {
  return near_rows(at::tensor(places, at::kDouble).unsqueeze(1), each);
}

double weight(const FuzzyGraph& graph, std::int64_t from, std::int64_t to) {
  for (auto edge = graph.starts[static_cast<std::size_t>(from)];
       edge < graph.starts[static_cast<std::size_t>(from) + 1]; ++edge) {
    if (graph.to[static_cast<std::size_t>(edge)] == to) return graph.weights[static_cast<std::size_t>(edge)];
  }
  return 0.0;
}

TEST(SmoothDistanceTest, MembershipsSumToTheLogarithmOfTheNeighbours) {
  // Three neighbours beside the row itself: 1 + e^(-1 / sigma) + e^(-2 / sigma) = log2 4 = 2; with t = e^(-1 / sigma)
  // t^2 + t - 1 = 0, t = (sqrt 5 - 1) / 2.
  const SmoothDistance smooth = smooth_distance(Distances{1.0, 2.0, 3.0}, 1.0);
  EXPECT_DOUBLE_EQ(smooth.rho, 1.0);
  EXPECT_NEAR(smooth.sigma, -1.0 / std::log((std::sqrt(5.0) - 1) / 2), 1e-4);
}

TEST(SmoothDistanceTest, IsThatOfUmapLearn) {
  // umap-learn 0.5.12, smooth_knn_dist of the same rows with their own distance 0 in front, k = 5; mean of all 0.85.
  const SmoothDistance spread = smooth_distance(Distances{1, 2, 3, 4}, 0.85);
  EXPECT_NEAR(spread.sigma, 2.2636108, 2e-4);
  const SmoothDistance with_copies = smooth_distance(Distances{0, 0.5, 0.5, 2}, 0.85);
  EXPECT_DOUBLE_EQ(with_copies.rho, 0.5);
  EXPECT_NEAR(with_copies.sigma, 6e-4, 1e-9) << "a thousandth of the row's mean distance";
  const SmoothDistance all_copies = smooth_distance(Distances{0, 0, 0, 0}, 0.85);
  EXPECT_DOUBLE_EQ(all_copies.rho, 0.0);
  EXPECT_NEAR(all_copies.sigma, 8.5e-4, 1e-9) << "a thousandth of the mean of all rows";
  const SmoothDistance equal = smooth_distance(Distances{1, 1, 1, 1}, 0.85);
  EXPECT_NEAR(equal.sigma, 8e-4, 1e-9);
}

TEST(SmoothDistanceTest, ItsScaleIsThatOfTheDistances) {
  const double usual = smooth_distance(Distances{1.0, 2.0, 3.0}, 1.0).sigma;
  for (const double scale : {1e-60, 1e60}) {
    const SmoothDistance scaled = smooth_distance(Distances{scale, 2 * scale, 3 * scale}, scale);
    EXPECT_NEAR(scaled.sigma / scale, usual, 1e-3) << scale;
  }
}

TEST(FuzzyGraphTest, JoinsBothDirections) {
  // Rows 0, 1 and 3 with two neighbours each, p_ij + p_ji - p_ij p_ji. The nearest has membership 1, the other what is
  // left of log2 3.
  const FuzzyGraph graph = fuzzy_graph(neighbours_of({0.0, 1.0, 3.0}, 2));
  const double rest = std::log2(3.0) - 1;
  EXPECT_NEAR(weight(graph, 0, 1), 1.0, 1e-4);
  EXPECT_NEAR(weight(graph, 1, 2), rest + 1 - rest, 1e-4);
  EXPECT_NEAR(weight(graph, 0, 2), rest + rest - rest * rest, 1e-4);
  for (std::int64_t i = 0; i < 3; ++i) {
    for (std::int64_t j = 0; j < 3; ++j) EXPECT_EQ(weight(graph, i, j), weight(graph, j, i));
  }
}

TEST(FuzzyGraphTest, AnEdgeOfOneDirectionStandsInBothRows) {
  const FuzzyGraph graph = fuzzy_graph(neighbours_of({0.0, 1.0, 5.0}, 1));
  EXPECT_DOUBLE_EQ(weight(graph, 2, 1), 1.0);
  EXPECT_DOUBLE_EQ(weight(graph, 1, 2), 1.0);
  EXPECT_DOUBLE_EQ(weight(graph, 0, 2), 0.0);
}

TEST(ComponentsTest, AreWhatHangsTogether) {
  const Components components = components_of(fuzzy_graph(neighbours_of({0.0, 100.0, 1.0, 101.0, 2.0}, 1)));
  EXPECT_EQ(components.count, 2);
  EXPECT_EQ(components.of, (std::vector<std::int64_t>{0, 1, 0, 1, 0}));
}

}  // namespace
}  // namespace oodml::embedding_map
