// The draws of the miners against their probabilities, with fixed seeds.
#include <gtest/gtest.h>

#include <cmath>

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"
#include "core/miners/distance.h"
#include "core/miners/rho_distance.h"
#include "core/miners/semihard.h"
#include "tests/core/miners/draws.h"
#include "tests/core/miners/eight_rows.h"

namespace oodml {
namespace {

using miners::Tuples;
using testing::count_draws;
using testing::expect_drawn_as;
using testing::kDrawRounds;
using testing::labels_of;
using testing::make_miner;
using testing::miner_choice;
using testing::seeded;

class MinerDrawsTest : public testing::EightRowsTest {
 protected:
  const torch::Tensor same_ = miners::same_class(labels_);
};

TEST_F(MinerDrawsTest, DistanceDrawsPositivesUniformlyAndNegativesByTheirWeights) {
  const auto miner = make_miner(miner_choice("distance"));
  draw(*miner, [&](const Tuples& t) {
    EXPECT_FALSE(t.valid[7].item<bool>());
    count_draws(positives_, t.anchor, t.positive, t.valid);
    count_draws(negatives_, t.anchor, t.negative, t.valid);
  });
  expect_drawn_as(positives_, same_);
  expect_drawn_as(negatives_, miners::distance_negative_weights(rows_, labels_, 0.5));
}

TEST_F(MinerDrawsTest, DistancePairsALoneAnchorWithItselfInThePapersFormOnly) {
  const auto paper = make_miner(miner_choice("distance"), /*compat_paper=*/true);
  draw(*paper, [&](const Tuples& t) {
    ASSERT_TRUE(t.valid.all().item<bool>());
    ASSERT_EQ(t.positive[7].item<std::int64_t>(), 7);
    ASSERT_NE(t.negative[7].item<std::int64_t>(), 7);
  });
}

TEST_F(MinerDrawsTest, SemihardDrawsInsideTheWindowOfItsPositive) {
  const auto miner = make_miner(miner_choice("semihard", {{"margin", 0.3}}));
  const auto distances = distances::pairwise_distances(rows_, 0.0);
  auto expected = at::zeros({8, 8}, at::kDouble);
  draw(*miner, [&](const Tuples& t) {
    count_draws(positives_, t.anchor, t.positive, t.valid);
    count_draws(negatives_, t.anchor, t.negative, t.valid);
    const auto mask =
        miners::semihard_negatives(distances, miners::other_class(labels_), t.anchor, t.positive, 0.3).mask;
    expected += mask.to(at::kDouble) / mask.sum(1, true) * t.valid.unsqueeze(1);
  });
  expect_drawn_as(positives_, same_);
  expect_drawn_as(negatives_, expected);
}

TEST_F(MinerDrawsTest, RhoDistancePushesARowOfItsClassWithProbabilityCp) {
  const auto miner = make_miner(miner_choice("rho_distance", {{"cp", 0.3}}));
  auto pushed = at::zeros({8, 8}, at::kDouble);
  double pushes = 0, anchors = 0;
  draw(*miner, [&](const Tuples& t) {
    const auto push = t.positive.eq(t.anchor).logical_and(t.valid);
    pushes += push.sum().item<double>();
    anchors += t.valid.sum().item<double>();
    count_draws(pushed, t.anchor, t.negative, push);
    count_draws(positives_, t.anchor, t.positive, t.valid.logical_and(push.logical_not()));
    count_draws(negatives_, t.anchor, t.negative, t.valid.logical_and(push.logical_not()));
  });
  EXPECT_EQ(anchors, 7.0 * kDrawRounds);
  EXPECT_NEAR(pushes / anchors, 0.3, 5 * std::sqrt(0.3 * 0.7 / anchors));
  expect_drawn_as(pushed, same_);
  expect_drawn_as(positives_, same_);
  expect_drawn_as(negatives_, miners::rho_distance_negative_weights(rows_, labels_, 0.5));
}

TEST_F(MinerDrawsTest, ARowWithoutPositiveWeightIsReportedAndWeightZeroIsNeverDrawn) {
  const auto weights = at::tensor(std::vector<float>{0, 0, 0, 0, 1e-30f, 0, 3, 1, 0}).view({3, 3});
  auto counts = at::zeros({3, 3}, at::kDouble);
  for (int round = 0; round < kDrawRounds; ++round) {
    const auto draw = miners::draw_per_row(weights, seeded(round));
    ASSERT_TRUE(draw.found.equal(labels_of({0, 1, 1}).to(at::kBool)));
    count_draws(counts, labels_of({0, 1, 2}), draw.column, draw.found);
  }
  expect_drawn_as(counts, weights);
}

std::vector<torch::Tensor> tensors_of(const Tuples& t) {
  std::vector<torch::Tensor> tensors;
  for (const auto& tensor : {t.anchor, t.positive, t.negative, t.valid, t.positive_set, t.negative_set}) {
    if (tensor.defined()) tensors.push_back(tensor);
  }
  return tensors;
}

TEST_F(MinerDrawsTest, EqualGeneratorsGiveEqualTripletsAndLeaveNoGraph) {
  for (const auto& name : miners::miner_names()) {
    const auto miner = make_miner(miner_choice(name));
    const auto attached = rows_.clone().requires_grad_();
    const auto first = tensors_of(miner->mine(attached, labels_, seeded(3)));
    const auto second = tensors_of(miner->mine(attached, labels_, seeded(3)));
    ASSERT_EQ(first.size(), second.size()) << name;
    for (std::size_t i = 0; i < first.size(); ++i) {
      EXPECT_TRUE(first[i].equal(second[i])) << name << " " << i;
      EXPECT_FALSE(first[i].requires_grad()) << name << " " << i;
    }
  }
}

}  // namespace
}  // namespace oodml
