#include "core/embedding_map/umap.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "core/embedding_map/pca.h"
#include "core/embedding_map/trustworthiness.h"
#include "tests/core/embedding_map/random_rows.h"

namespace oodml::embedding_map {
namespace {

/// Rows around centres that are `apart` from each other.
torch::Tensor groups(std::int64_t count, std::int64_t each, double apart) {
  auto rows = random_rows(count * each, 8);
  for (std::int64_t group = 0; group < count; ++group) rows.narrow(0, group * each, each).select(1, group) += apart;
  return rows;
}

/// Share of points whose nearest point in the map is of their own group.
double share_at_home(const torch::Tensor& map, std::int64_t each) {
  auto apart = at::cdist(map, map);
  apart.fill_diagonal_(std::numeric_limits<double>::infinity());
  const auto group = at::arange(map.size(0)).floor_divide(each);
  return (group.index_select(0, apart.argmin(1)) == group).to(at::kDouble).mean().item<double>();
}

torch::Tensor map_of(const torch::Tensor& rows, const UmapOptions& options = {}) {
  auto map = umap(rows, options);
  EXPECT_TRUE(map) << map.error().message();
  if (!map) return at::zeros({0, 2});
  EXPECT_EQ(map->sizes(), (std::vector<std::int64_t>{rows.size(0), 2}));
  EXPECT_TRUE(map->isfinite().all().item<bool>());
  return *map;
}

TEST(UmapTest, KeepsGroupsApartAndNeighboursTogetherBetterThanComponents) {
  const auto rows = groups(6, 60, 6.0);
  const auto map = map_of(rows);
  EXPECT_GT(share_at_home(map, 60), 0.99);
  const double trust = trustworthiness(rows, map, 15).value();
  EXPECT_GT(trust, 0.93);
  EXPECT_GT(trust, trustworthiness(rows, pca(rows, 2).value(), 15).value());
}

TEST(UmapTest, GroupsThatDoNotHangTogetherStayApart) {
  const auto map = map_of(groups(2, 50, 1e4));
  EXPECT_DOUBLE_EQ(share_at_home(map, 50), 1.0);
  const auto gap = (map.narrow(0, 0, 50).mean(0) - map.narrow(0, 50, 50).mean(0)).norm().item<double>();
  const auto width = map.narrow(0, 0, 50).std(0).norm().item<double>();
  EXPECT_GT(gap, 3 * width);
  EXPECT_DOUBLE_EQ(share_at_home(map_of(groups(7, 20, 1e4)), 20), 1.0);
}

TEST(UmapTest, TheNumberOfThreadsChangesNoBitAndTheSeedDoes) {
  const auto rows = random_rows(700, 40);
  const auto [one, three] = on_one_and_three_threads([&] { return map_of(rows, {.epochs = 30}); });
  EXPECT_TRUE(one.equal(three));
  EXPECT_TRUE(one.equal(map_of(rows, {.epochs = 30})));
  EXPECT_FALSE(one.equal(map_of(rows, {.epochs = 30, .seed = 1})));
}

TEST(UmapTest, ByCosineLengthsDoNotCount) {
  const auto rows = random_rows(80, 5);
  const auto scales = at::pow(2.0, at::arange(80).remainder(5)).to(at::kDouble).unsqueeze(1);  // exact
  const UmapOptions by_cosine{.metric = Metric::kCosine, .epochs = 20};
  EXPECT_TRUE(map_of(rows, by_cosine).allclose(map_of(rows * scales, by_cosine)));
  EXPECT_FALSE(map_of(rows, {.epochs = 20}).allclose(map_of(rows * scales, {.epochs = 20})));
  auto with_zero = rows.clone();
  with_zero[3].zero_();
  EXPECT_EQ(umap(with_zero, by_cosine).error().message(), "umap: row 3 is zero, which has no cosine to any other");
}

TEST(UmapTest, FewRowsEqualRowsAndConstantRowsHaveAMap) {
  EXPECT_TRUE(map_of(random_rows(1, 4)).equal(at::zeros({1, 2}, at::kDouble)));
  for (const std::int64_t n : {2, 3, 4, 10, 15, 16}) map_of(random_rows(n, 4));
  map_of(at::ones({40, 3}));
  map_of(at::zeros({40, 3}));
  map_of(random_rows(40, 1));
  map_of(random_rows(20, 3).repeat({3, 1}), {.neighbours = 2});
}

TEST(UmapTest, CopiesOfARowLieTogether) {
  const auto rows = random_rows(60, 6);
  const auto map = map_of(at::cat({rows, rows}));
  const auto apart = (map.narrow(0, 0, 60) - map.narrow(0, 60, 60)).norm(2, 1).median().item<double>();
  EXPECT_LT(apart, 0.2 * at::pdist(map).median().item<double>());
}

TEST(UmapTest, TellsHowFarItIs) {
  std::vector<std::string> told;
  double last = -1.0;
  map_of(random_rows(30, 4), {.epochs = 7, .progress = [&](std::string_view what, double share) {
                                if (told.empty() || told.back() != what) told.emplace_back(what);
                                last = share;
                              }});
  EXPECT_EQ(told, (std::vector<std::string>{"neighbours", "graph", "map"}));
  EXPECT_DOUBLE_EQ(last, 6.0 / 7.0);
}

TEST(UmapTest, RefusesWhatHasNoMap) {
  auto rows = random_rows(20, 3);
  for (const UmapOptions& bad : {UmapOptions{.neighbours = 1},
                                 {.min_dist = -0.1},
                                 {.min_dist = 1.5},
                                 {.spread = 0.0},
                                 {.epochs = 0},
                                 {.learning_rate = 0.0}}) {
    EXPECT_EQ(umap(rows, bad).error().code(), StatusCode::kInvalidArgument);
  }
  rows[7][0] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(umap(rows, {}).error().message(), "umap: row 7 has a number that is not finite");
  rows[7][0] = 1e200;
  EXPECT_NE(umap(rows, {}).error().message().find("beyond 1e150"), std::string::npos);
}

}  // namespace
}  // namespace oodml::embedding_map
