#include "core/metrics/tile_search.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>

namespace oodml::metrics {
namespace {

using TileRanks = std::map<std::pair<std::int64_t, Space>, std::vector<std::int64_t>>;
using SearchScreened = Status (*)(const NeighbourSearch&, const ScreeningOrder&, const VisitRanks&);

/// Ranks of every query in the spaces of the options, one after the other or from one product.
TileRanks tile_ranks_of(SearchScreened search_in, const NeighbourSearch& search, const ScreeningOrder& order) {
  TileRanks ranks;
  std::mutex guard;
  const Status status = search_in(search, order, [&](std::int64_t query, Space space, const QueryRanks& found) {
    const std::scoped_lock lock(guard);
    ranks[{query, space}].assign(found.ranks.begin(), found.ranks.end());
  });
  EXPECT_TRUE(status.ok()) << status.text();
  return ranks;
}

template <TileProducts::Kind kind>
Status search_tiles_by(const NeighbourSearch& search, const ScreeningOrder& order, const VisitRanks& visit) {
  return search_tiles(search, order, visit, kind);
}

/// By products of either kind.
void expect_same_ranks(const NeighbourSearch& search, const ScreeningOrder& order) {
  const TileRanks wanted = tile_ranks_of(search_rows, search, order);
  EXPECT_EQ(tile_ranks_of(search_tiles_by<TileProducts::Kind::kOfIntegers>, search, order), wanted);
  EXPECT_EQ(tile_ranks_of(search_tiles_by<TileProducts::Kind::kSinglePrecision>, search, order), wanted);
}

void expect_same_ranks(const LabelledSet& set, const NeighbourOptions& options) {
  const at::NoGradGuard no_grad;
  for (const Space space : {Space::kEuclidean, Space::kCosine}) {
    if (!options.depth(space)) continue;
    const NeighbourOptions one = options.only(space);
    const NeighbourSearch search(set, one);
    expect_same_ranks(search, *double_order(search, space));
  }
  if (!options.euclidean || !options.cosine) return;
  const NeighbourSearch search(set, options);
  if (const auto both = double_order_of_both(search)) expect_same_ranks(search, *both);
}

/// In every depth, with either way of leaving a row out.
void expect_same_ranks(const LabelledSet& set) {
  for (const RankDepth depth : {RankDepth::kFirst, RankDepth::up_to(0), RankDepth::up_to(50), RankDepth::kAll}) {
    for (const bool by_index : {false, true}) {
      SCOPED_TRACE("depth " + std::to_string(depth.limit) + ", by index " + std::to_string(by_index));
      expect_same_ranks(set, {.euclidean = depth, .cosine = depth, .exclude_self_by_index = by_index});
    }
  }
}

class RandomRows {
 public:
  explicit RandomRows(std::uint64_t seed) : generator_(at::make_generator<at::CPUGeneratorImpl>(seed)) {}

  torch::Tensor normal(std::int64_t n, std::int64_t dim) {
    return at::randn({n, dim}, generator_, at::TensorOptions(at::kFloat));
  }
  torch::Tensor integers(std::int64_t n, std::int64_t dim, std::int64_t end) {
    return at::randint(-end + 1, end, {n, dim}, generator_, at::TensorOptions(at::kFloat));
  }
  torch::Tensor labels(std::int64_t n, std::int64_t classes) {
    return at::randint(classes, {n}, generator_, at::TensorOptions(at::kLong));
  }

 private:
  at::Generator generator_;
};

LabelledSet tile_set(const torch::Tensor& rows, const torch::Tensor& labels) {
  return LabelledSet::make(rows, labels).value();
}

/// Rows around one centre a class.
torch::Tensor clustered(RandomRows& random, const torch::Tensor& labels, std::int64_t dim, double noise) {
  const auto centres = random.normal(labels.max().item<std::int64_t>() + 1, dim);
  return centres.index_select(0, labels) + random.normal(labels.size(0), dim) * noise;
}

TEST(TileSearchTest, ClassesOfAnySizeHaveTheRanksOfThePlainForm) {
  for (const auto& [n, classes] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {2, 1}, {3, 3}, {47, 5}, {48, 48}, {97, 1}, {700, 2}, {900, 20}, {1100, 400}}) {
    SCOPED_TRACE(std::to_string(n) + " rows, " + std::to_string(classes) + " classes");
    RandomRows random(static_cast<std::uint64_t>(n));
    const auto labels = random.labels(n, classes);
    expect_same_ranks(tile_set(clustered(random, labels, 40, 1.5), labels));
  }
}

TEST(TileSearchTest, RowsThatTieAreOrderedByTheirPosition) {
  RandomRows random(1);
  for (const std::int64_t dim : {1, 2, 4}) {
    SCOPED_TRACE(dim);
    expect_same_ranks(tile_set(random.integers(500, dim, 3), random.labels(500, 9)));  // hundreds in one place
  }
}

TEST(TileSearchTest, CopiesAreLeftOutWhereTheyAreTheNearestWhicheverTheirClass) {
  RandomRows random(2);
  const auto labels = random.labels(600, 60);
  auto rows = clustered(random, labels, 30, 1.0);
  rows.slice(0, 300, 500).copy_(rows.slice(0, 100, 300));
  rows.slice(0, 590, 600).copy_(rows.slice(0, 0, 1).expand({10, 30}));
  expect_same_ranks(tile_set(rows, labels));
  expect_same_ranks(tile_set(rows.to(at::kDouble), labels));
}

TEST(TileSearchTest, ZeroRowsHaveNoDirection) {
  RandomRows random(3);
  const auto labels = random.labels(300, 30);
  auto rows = clustered(random, labels, 20, 1.0);
  for (const std::int64_t row : {0, 17, 18, 150, 299}) rows.select(0, row).zero_();
  expect_same_ranks(tile_set(rows, labels));
  expect_same_ranks(tile_set(at::zeros({60, 3}), random.labels(60, 7)));
}

TEST(TileSearchTest, CollapsedFarAndExtremeRowsAreDecidedInDoublePrecision) {
  RandomRows random(4);
  const auto labels = random.labels(400, 40);
  const auto rows = clustered(random, labels, 24, 2.0).to(at::kDouble);
  expect_same_ranks(tile_set(rows * 1e-9 + 1.0, labels));  // closer together than single precision tells
  expect_same_ranks(tile_set(rows + 1e7, labels));
  expect_same_ranks(tile_set((rows + 1e4).to(at::kFloat), labels));
  expect_same_ranks(tile_set(rows * 1e-150, labels));
  expect_same_ranks(tile_set(rows * 1e150, labels));
  expect_same_ranks(tile_set((rows * 1e-30).to(at::kFloat), labels));
  expect_same_ranks(tile_set(at::ones({200, 5}), random.labels(200, 3)));
  auto mixed = rows.clone();
  mixed.slice(0, 0, 200).mul_(1e-6);
  expect_same_ranks(tile_set(mixed, labels));
}

TEST(TileSearchTest, RowsOfVeryDifferentLengthsAreInTheirPlaces) {
  RandomRows random(8);
  const auto labels = random.labels(700, 25);
  auto rows = clustered(random, labels, 130, 3.0);  // more entries than are summed at a time
  rows.slice(0, 0, 20).mul_(1e3);
  rows.slice(0, 20, 60).mul_(1e-3);
  rows.slice(0, 60, 90).zero_().select(1, 3).fill_(2.5);  // of one entry
  expect_same_ranks(tile_set(rows, labels));
  expect_same_ranks(tile_set(rows.to(at::kDouble) + 100.0, labels));
  expect_same_ranks(
      tile_set(at::cat({rows * 1e12, rows.slice(0, 0, 100) * 1e-12}), at::cat({labels, labels.slice(0, 0, 100)})));
}

TEST(TileSearchTest, ThreadsDoNotChangeARank) {
  RandomRows random(5);
  const auto labels = random.labels(1500, 150);
  const LabelledSet set = tile_set(clustered(random, labels, 64, 3.0), labels);
  const NeighbourOptions options{.euclidean = RankDepth::up_to(100), .cosine = RankDepth::kFirst};
  const NeighbourSearch search(set, options);
  const auto both = double_order_of_both(search);
  ASSERT_NE(both, nullptr);
  const int threads = at::get_num_threads();
  const auto search_chosen = [](const NeighbourSearch& of, const ScreeningOrder& in, const VisitRanks& visit) {
    return search_tiles(of, in, visit);
  };
  at::set_num_threads(1);
  const TileRanks of_one = tile_ranks_of(search_chosen, search, *both);
  at::set_num_threads(4);
  const TileRanks of_four = tile_ranks_of(search_chosen, search, *both);
  at::set_num_threads(threads);
  EXPECT_EQ(of_one, of_four);
}

TEST(TileSearchTest, StopsBetweenTilesWhenAsked) {
  RandomRows random(6);
  const LabelledSet set = tile_set(random.normal(100, 4), random.labels(100, 5));
  const NeighbourOptions options{.euclidean = RankDepth::kFirst, .go_on = [](double) { return false; }};
  const NeighbourSearch search(set, options);
  const auto order = double_order(search, Space::kEuclidean);
  const Status status = search_tiles(search, *order, [](std::int64_t, Space, const QueryRanks&) { FAIL(); });
  EXPECT_EQ(status.code(), StatusCode::kCancelled);
}

TEST(TileSearchTest, SuitsSetsOfWhichFewRowsMatter) {
  RandomRows random(7);
  const LabelledSet set = tile_set(random.normal(300, 4), random.labels(300, 30));
  const auto suits = [&](const NeighbourOptions& options) { return suits_tiles(NeighbourSearch(set, options)); };
  EXPECT_TRUE(suits({.euclidean = RankDepth::kFirst}));
  EXPECT_TRUE(suits({.euclidean = RankDepth::up_to(20), .cosine = RankDepth::kFirst}));
  EXPECT_FALSE(suits({.euclidean = RankDepth::up_to(20), .cosine = RankDepth::kAll}));
  const NeighbourOptions first{.euclidean = RankDepth::kFirst};
  EXPECT_FALSE(suits_tiles(NeighbourSearch(set, set, first)));  // a gallery
  const LabelledSet one_class = tile_set(at::zeros({2100, 1}), at::zeros({2100}, at::kLong));
  EXPECT_FALSE(suits_tiles(NeighbourSearch(one_class, first)));
}

}  // namespace
}  // namespace oodml::metrics
