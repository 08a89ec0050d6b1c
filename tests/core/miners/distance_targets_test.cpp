// `distance` against other labels than the batch's, and by distances that are known already.
#include <gtest/gtest.h>

#include "core/distances/pairwise.h"
#include "core/miners/distance.h"
#include "core/miners/distance_weighting.h"
#include "tests/core/distances/batches.h"
#include "tests/core/miners/default_miner.h"
#include "tests/core/miners/draws.h"

namespace oodml::miners {
namespace {

using testing::count_draws;
using testing::expect_drawn_as;
using testing::labels_of;
using testing::seeded;

constexpr int kRounds = 3000;

const Distance& miner() {
  static const Distance distance({.lower_cutoff = 0.5});
  return distance;
}

/// How often each target was drawn as positive and as negative of each anchor that counts.
struct Drawn {
  torch::Tensor positives, negatives;
};
Drawn drawn(const Distance& distance, const torch::Tensor& rows, const torch::Tensor& labels,
            const DistanceTargets& targets, std::int64_t count) {
  Drawn counts{at::zeros({rows.size(0), count}, at::kDouble), at::zeros({rows.size(0), count}, at::kDouble)};
  for (int round = 0; round < kRounds; ++round) {
    const Tuples t = distance.mine_targets(rows, labels, targets, seeded(round)).tuples;
    count_draws(counts.positives, t.anchor, t.positive, t.valid);
    count_draws(counts.negatives, t.anchor, t.negative, t.valid);
  }
  return counts;
}

TEST(DistanceTargetsTest, PositivesAndNegativesAreRowsOfAMemory) {
  // In three dimensions g(d) = -ln d: weights are the reciprocals of the distances.
  const auto rows = testing::random_unit_rows(2, 3, 5);
  const DistanceTargets memory{
      .labels = labels_of({7, 0, 1, 0, 1}),
      .distances = at::tensor({0.8, 1.0, 0.5, 1.2, 1.0, 1.6, 0.9, 1.0, 0.6, 1.1}).view({2, 5})};
  const Drawn counts = drawn(miner(), rows, labels_of({0, 1}), memory, 5);
  expect_drawn_as(counts.positives, at::tensor({0, 1, 0, 1, 0, 0, 0, 1, 0, 1}).view({2, 5}));
  expect_drawn_as(counts.negatives,
                  at::tensor({1 / 0.8, 0., 2., 0., 1., 1 / 1.6, 1 / 0.9, 0., 1 / 0.6, 0.}).view({2, 5}));
}

TEST(DistanceTargetsTest, AnAnchorWithoutAPositiveLeavesTheTuplesOfTheOthersAligned) {
  // Row 0 has no positive among the targets. The reference would give it that of row 1, and row 1 that of row 2.
  const auto rows = testing::random_unit_rows(3, 3, 5);
  const DistanceTargets memory{.labels = labels_of({1, 2, 9}), .distances = at::full({3, 3}, 1.0)};
  const Tuples t = miner().mine_targets(rows, labels_of({0, 1, 2}), memory, seeded(3)).tuples;
  EXPECT_TRUE(t.anchor.equal(labels_of({0, 1, 2})));
  EXPECT_TRUE(t.valid.equal(labels_of({0, 1, 1}).to(at::kBool)));
  EXPECT_EQ(t.positive[1].item<int>(), 0);
  EXPECT_EQ(t.positive[2].item<int>(), 1);
}

TEST(DistanceTargetsTest, OtherLabelsOfTheBatchItselfKeepAnAnchorFromBeingItsOwnPositive) {
  const auto rows = testing::random_unit_rows(4, 3, 5);
  const auto labels = labels_of({0, 0, 1, 2}), targets = labels_of({0, 0, 1, 0});
  DistanceTargets given{.labels = targets, .are_the_batch = true};
  const Drawn counts = drawn(miner(), rows, labels, given, 4);  // row 2 is alone, row 3 has no target of its class
  expect_drawn_as(counts.positives, labels_of({0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}).view({4, 4}));
  const Distance with_lone_anchors({.lone_anchors = true});
  const Drawn paper = drawn(with_lone_anchors, rows, labels, given, 4);
  expect_drawn_as(paper.positives, labels_of({0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0}).view({4, 4}));
  given.are_the_batch = false;  // a memory of four rows: row i of it is no row of the batch
  const Drawn memory = drawn(miner(), rows, labels, given, 4);
  expect_drawn_as(memory.positives, labels_of({1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0}).view({4, 4}));
}

TEST(DistanceTargetsTest, GivenDistancesAreClippedOnlyWhenAskedFor) {
  const auto rows = testing::random_unit_rows(1, 3, 5), labels = labels_of({0});
  DistanceTargets given{.labels = labels_of({0, 1, 1}), .distances = at::tensor({1.0, 0.1, 0.4}).view({1, 3})};
  expect_drawn_as(drawn(miner(), rows, labels, given, 3).negatives, at::tensor({0., 10., 2.5}).view({1, 3}));
  EXPECT_TRUE(miner().mine_targets(rows, labels, given, seeded(1)).distances.equal(given.distances));
  given.clip_distances = true;
  expect_drawn_as(drawn(miner(), rows, labels, given, 3).negatives, at::tensor({0., 1., 1.}).view({1, 3}));
  EXPECT_TRUE(
      miner().mine_targets(rows, labels, given, seeded(1)).distances.equal(at::tensor({1.0, 0.5, 0.5}).view({1, 3})));
  given.clip_distances = false;
  given.distances =
      at::tensor({1.0, 0.0, 1.0}).view({1, 3});  // a copy of the anchor: weighs much, but something finite
  const Tuples t = miner().mine_targets(rows, labels, given, seeded(1)).tuples;
  EXPECT_TRUE(t.valid.all().item<bool>());
}

TEST(DistanceTargetsTest, WithoutTargetsItIsTheMinerAndHandsBackItsDistances) {
  const auto rows = testing::random_unit_rows(6, 5, 11);
  const auto labels = labels_of({0, 0, 1, 1, 2, 2});
  Distance distance({.lower_cutoff = 0.5});
  const DistanceMined mined = distance.mine_targets(rows, labels, {}, seeded(4));
  const Tuples plain = distance.mine(rows, labels, seeded(4));
  EXPECT_TRUE(mined.tuples.positive.equal(plain.positive) && mined.tuples.negative.equal(plain.negative));
  EXPECT_TRUE(mined.distances.equal(distances::pairwise_distances(rows, 0.0).clamp_min(0.5)));
  // Known distances change nothing when they are the batch's.
  const DistanceTargets known{.distances = distances::pairwise_distances(rows, 0.0), .clip_distances = true};
  EXPECT_TRUE(distance.mine_targets(rows, labels, known, seeded(4)).tuples.negative.equal(plain.negative));
}

TEST(DistanceTargetsTest, ShapesThatDoNotFitAreToldAndNoTargetsGiveNoTuples) {
  const auto rows = testing::random_unit_rows(2, 3, 5), labels = labels_of({0, 1});
  EXPECT_THROW(miner().mine_targets(rows, labels, {.labels = labels_of({0, 1, 1})}, seeded(1)), std::invalid_argument);
  EXPECT_THROW(miner().mine_targets(rows, labels, {.distances = at::ones({3, 2})}, seeded(1)), std::invalid_argument);
  const DistanceTargets empty{.labels = at::empty({0}, at::kLong), .distances = at::empty({2, 0})};
  EXPECT_EQ(miner().mine_targets(rows, labels, empty, seeded(1)).tuples.anchor.size(0), 0);
}

}  // namespace
}  // namespace oodml::miners
