// The miners around distance weighting: exact masks by hand, and their draws with fixed seeds.
#include <gtest/gtest.h>

#include "core/miners/candidates.h"
#include "core/miners/distance.h"
#include "core/miners/intra_random.h"
#include "core/miners/shared_distance.h"
#include "tests/core/miners/draws.h"
#include "tests/core/miners/eight_rows.h"

namespace oodml {
namespace {

using miners::SharedPositives;
using miners::Tuples;
using testing::count_draws;
using testing::expect_drawn_as;
using testing::kDrawRounds;
using testing::labels_of;
using testing::make_miner;
using testing::miner_choice;
using testing::seeded;

class DistanceMinersTest : public testing::EightRowsTest {
 protected:
  template <typename Each>
  void draw_by(const char* name, bool paper, Each each) {
    draw(*make_miner(miner_choice(name), paper), each);
  }
};

TEST_F(DistanceMinersTest, EasypositiveIsDistanceWithoutLoneAnchorsInBothModes) {
  draw_by("easypositive", true, [&](const Tuples& t) { ASSERT_FALSE(t.valid[7].item<bool>()); });
  draw_by("easypositive", false, [&](const Tuples& t) {
    ASSERT_FALSE(t.valid[7].item<bool>());
    count_draws(positives_, t.anchor, t.positive, t.valid);
    count_draws(negatives_, t.anchor, t.negative, t.valid);
  });
  expect_drawn_as(positives_, miners::same_class(labels_));
  expect_drawn_as(negatives_, miners::distance_negative_weights(rows_, labels_, 0.5));
}

TEST_F(DistanceMinersTest, RandomDistanceGroupsRowsUniformlyWhateverTheirLabels) {
  // 7 of 8 places belong to a class of more than one, so an anchor counts with 7/8. By symmetry every other row is
  // equally likely to be its positive.
  double anchors = 0;
  draw_by("random_distance", false, [&](const Tuples& t) {
    anchors += t.valid.sum().item<double>();
    count_draws(positives_, t.anchor, t.positive, t.valid);
    ASSERT_FALSE(t.anchor.eq(t.positive).logical_and(t.valid).any().item<bool>());
    ASSERT_FALSE(t.positive.eq(t.negative).logical_and(t.valid).any().item<bool>());
  });
  EXPECT_EQ(anchors, 7.0 * kDrawRounds);
  expect_drawn_as(positives_, at::eye(8).eq(0));
}

TEST_F(DistanceMinersTest, RandomDistanceWeighsNegativesUnderThePermutedLabels) {
  // Two rows of one class and one alone: whatever the permutation, two rows form the class and the third is the only
  // negative of both.
  const auto labels = labels_of({0, 0, 1});
  const auto miner = make_miner(miner_choice("random_distance"));
  auto alone = at::zeros({1, 3}, at::kDouble);
  for (int round = 0; round < kDrawRounds; ++round) {
    const auto t = miner->mine(rows_.slice(0, 0, 3), labels, seeded(round));
    ASSERT_EQ(t.valid.sum().item<int>(), 2);
    const auto third = at::arange(3).masked_select(t.valid.logical_not());
    ASSERT_TRUE(t.negative.masked_select(t.valid).eq(third).all().item<bool>());
    count_draws(alone, labels_of({0}), third, labels_of({1}).to(at::kBool));
  }
  expect_drawn_as(alone, at::ones({1, 3}));
}

TEST_F(DistanceMinersTest, SharedPositivesComeFromAThirdClass) {
  const auto negative = labels_of({3, 5, 7, 0, 0, 7, 3, 3});
  const auto uniform = miners::shared_positive_weights(rows_, labels_, negative, SharedPositives::kUniform, 0.5);
  EXPECT_TRUE(uniform[0].equal(labels_of({0, 0, 0, 0, 0, 1, 1, 1}).to(at::kBool)));
  EXPECT_TRUE(uniform[2].equal(labels_of({0, 0, 0, 1, 1, 1, 1, 0}).to(at::kBool)));
  EXPECT_TRUE(uniform[7].equal(labels_of({1, 1, 1, 0, 0, 1, 1, 0}).to(at::kBool)));
  const auto weighted = miners::shared_positive_weights(rows_, labels_, negative, SharedPositives::kWeighted, 0.5);
  EXPECT_TRUE(weighted.gt(0).logical_and(uniform.logical_not()).any().logical_not().item<bool>());
  // The weights among the third class are those of `distance`, up to the row's scale.
  const auto distance = miners::distance_negative_weights(rows_, labels_, 0.5) * uniform;
  EXPECT_TRUE((weighted / weighted.sum(1, true)).allclose(distance / distance.sum(1, true)));
}

TEST_F(DistanceMinersTest, SharedMinersDrawTheNegativeFirstThenThePositive) {
  for (const auto& [name, kind] : {std::pair("shared_neg_distance", SharedPositives::kUniform),
                                   std::pair("shared_full_distance", SharedPositives::kWeighted)}) {
    SCOPED_TRACE(name);
    positives_.zero_();
    negatives_.zero_();
    auto expected = at::zeros({8, 8}, at::kDouble);
    draw_by(name, false, [&](const Tuples& t) {
      ASSERT_TRUE(t.valid.all().item<bool>());
      count_draws(positives_, t.anchor, t.positive, t.valid);
      count_draws(negatives_, t.anchor, t.negative, t.valid);
      const auto weights = miners::shared_positive_weights(rows_, labels_, t.negative, kind, 0.5).to(at::kDouble);
      expected += weights / weights.sum(1, true);
    });
    expect_drawn_as(negatives_, miners::distance_negative_weights(rows_, labels_, 0.5));
    expect_drawn_as(positives_, expected);
  }
}

TEST_F(DistanceMinersTest, SharedMinersLeaveEveryAnchorOutWithoutAThirdClass) {
  for (const char* name : {"shared_neg_distance", "shared_full_distance"}) {
    const auto miner = make_miner(miner_choice(name));
    const auto t = miner->mine(rows_.slice(0, 0, 4), labels_of({0, 0, 1, 1}), seeded(1));
    EXPECT_FALSE(t.valid.any().item<bool>()) << name;
  }
}

TEST_F(DistanceMinersTest, RhoDistanceTellsHowManyTripletsPushAClassApart) {
  ComponentChoice always = miner_choice("rho_distance"), never = always;
  always.params.set("cp", 1.0);
  never.params.set("cp", 0.0);
  const auto pushes = [&](const ComponentChoice& choice) {
    const auto miner = make_miner(choice);
    EXPECT_EQ(miner->push_triplets().item<double>(), 0.0) << "before the first batch";
    const Tuples t = miner->mine(rows_, labels_, seeded(1));
    const auto labels_of_rows = [&](const torch::Tensor& index) { return labels_.index_select(0, index); };
    const auto together = labels_of_rows(t.positive).eq(labels_of_rows(t.negative)).logical_and(t.valid);
    EXPECT_EQ(miner->push_triplets().item<double>(), together.sum().item<double>());
    return miner->push_triplets().item<double>();
  };
  EXPECT_EQ(pushes(always), 7.0) << "row 7 has no partner";
  EXPECT_EQ(pushes(never), 0.0);
  const double some = pushes(miner_choice("rho_distance"));
  EXPECT_GE(some, 0.0);
  EXPECT_LE(some, 7.0);
  EXPECT_FALSE(make_miner(miner_choice("distance"))->push_triplets().defined());
}

TEST_F(DistanceMinersTest, IntraRandomDrawsAClassUniformlyThenItsRowsIndependently) {
  EXPECT_TRUE(miners::first_of_class(labels_).equal(labels_of({1, 0, 0, 1, 0, 1, 0, 1}).to(at::kBool)));
  auto anchors = at::zeros({1, 8}, at::kDouble), pairs = at::zeros({1, 81}, at::kDouble);
  const auto row = at::zeros({8}, at::kLong), all = at::ones({8}, at::kBool);
  draw_by("intra_random", false, [&](const Tuples& t) {
    ASSERT_FALSE(t.valid.defined());
    const auto y = [&](const torch::Tensor& index) { return labels_.index_select(0, index); };
    ASSERT_TRUE(y(t.anchor).equal(y(t.positive)) && y(t.anchor).equal(y(t.negative)));
    count_draws(anchors, row, t.anchor, all);
    const auto of_class_0 = y(t.anchor).eq(0);  // rows 0 to 2: 27 equally likely triplets
    count_draws(pairs, row, t.anchor * 9 + t.positive * 3 + t.negative, of_class_0);
  });
  expect_drawn_as(anchors, at::tensor(std::vector<double>{2, 2, 2, 3, 3, 3, 3, 6}).unsqueeze(0));
  expect_drawn_as(pairs.slice(1, 0, 27), at::ones({1, 27}));
}

}  // namespace
}  // namespace oodml
