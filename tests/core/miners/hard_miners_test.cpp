// softhard, epshn and parametric: exact masks and weights by hand, and their draws with fixed seeds.
#include <gtest/gtest.h>

#include "core/distances/pairwise.h"
#include "core/miners/candidates.h"
#include "core/miners/epshn.h"
#include "core/miners/parametric.h"
#include "core/miners/semihard.h"
#include "core/miners/softhard.h"
#include "tests/core/miners/default_miner.h"
#include "tests/core/miners/draws.h"

namespace oodml {
namespace {

using miners::ParametricOptions;
using miners::Tuples;
using testing::count_draws;
using testing::expect_drawn_as;
using testing::labels_of;
using testing::make_miner;
using testing::miner_choice;
using testing::random_unit_rows;
using testing::seeded;

constexpr int kHardRounds = 4000;

torch::Tensor numbers(std::initializer_list<double> values) { return at::tensor(std::vector<double>(values)); }

/// Points on a line, one coordinate each: distances are differences.
torch::Tensor on_a_line(std::initializer_list<double> places) { return numbers(places).to(at::kFloat).unsqueeze(1); }

torch::Tensor distances_of(const torch::Tensor& rows) { return distances::pairwise_distances(rows, 0.0); }

void expect_row(const torch::Tensor& mask, std::int64_t row, std::initializer_list<std::int64_t> want) {
  EXPECT_TRUE(mask[row].equal(labels_of(want).to(at::kBool))) << row << mask;
}

TEST(SofthardTest, TakesHardOnesOrAllWhereNoneIs) {
  // Class 0 at 0, 1, 5; class 1 at 3, 20; row 5 is alone at 30.
  const auto labels = labels_of({0, 0, 0, 1, 1, 2});
  const auto candidates = miners::softhard_candidates(distances_of(on_a_line({0, 1, 5, 3, 20, 30})), labels);
  expect_row(candidates.positives, 0, {0, 0, 1, 0, 0, 0});  // 5 is beyond the nearest other, 3
  expect_row(candidates.negatives, 0, {0, 0, 0, 1, 0, 0});  // nearer than 5
  expect_row(candidates.positives, 2, {1, 1, 0, 0, 0, 0});  // 5 and 4 beyond 2
  expect_row(candidates.positives, 3, {0, 0, 0, 0, 1, 0});  // 17 beyond 2
  expect_row(candidates.negatives, 3, {1, 1, 1, 0, 0, 0});
  expect_row(candidates.positives, 5, {0, 0, 0, 0, 0, 0});  // alone: no anchor
  expect_row(candidates.negatives, 5, {0, 0, 0, 0, 0, 0});

  const auto apart = miners::softhard_candidates(distances_of(on_a_line({0, 1, 50, 51})), labels_of({0, 0, 1, 1}));
  expect_row(apart.positives, 0, {0, 1, 0, 0});  // nothing is hard: the whole class
  expect_row(apart.negatives, 0, {0, 0, 1, 1});
}

TEST(SofthardTest, ComparisonsAreStrict) {
  // d(0,1) = 2 is the positive, d(0,2) = 2 the nearest other: neither is beyond the other, so both fall back.
  const auto candidates = miners::softhard_candidates(distances_of(on_a_line({0, 2, -2, 9})), labels_of({0, 0, 1, 2}));
  expect_row(candidates.positives, 0, {0, 1, 0, 0});
  expect_row(candidates.negatives, 0, {0, 0, 1, 1});
}

TEST(SofthardTest, DrawsUniformlyFromItsCandidates) {
  const auto labels = labels_of({0, 0, 0, 0, 1, 1, 1, 2});
  const auto rows = random_unit_rows(8, 3, 12);
  const auto miner = make_miner(miner_choice("softhard"));
  auto positives = at::zeros({8, 8}, at::kDouble), negatives = at::zeros({8, 8}, at::kDouble);
  for (int round = 0; round < kHardRounds; ++round) {
    const Tuples t = miner->mine(rows, labels, seeded(round));
    count_draws(positives, t.anchor, t.positive, t.valid);
    count_draws(negatives, t.anchor, t.negative, t.valid);
  }
  const auto candidates = miners::softhard_candidates(distances_of(rows), labels);
  expect_drawn_as(positives, candidates.positives);
  expect_drawn_as(negatives, candidates.negatives);
  const Tuples one_class = miner->mine(rows, at::zeros({8}, at::kLong), seeded(1));
  EXPECT_FALSE(one_class.valid.any().item<bool>());
}

TEST(EpshnTest, TakesTheNearestPositiveTheLowerIndexOfEqualOnes) {
  const auto labels = labels_of({0, 0, 0, 1, 1, 2});
  const auto distances = distances_of(on_a_line({0, 2, -2, 5, 9, 30}));
  const auto positive = miners::easy_positives(distances, miners::same_class(labels));
  EXPECT_TRUE(positive.slice(0, 0, 5).equal(labels_of({1, 0, 0, 4, 3}))) << positive;
}

TEST(EpshnTest, DrawsTheNegativeAsSemihardDoes) {
  const auto labels = labels_of({0, 0, 0, 1, 1, 2, 2, 3});
  const auto rows = random_unit_rows(8, 5, 11);
  const auto miner = make_miner(miner_choice("epshn", {{"margin", 0.3}}));
  auto negatives = at::zeros({8, 8}, at::kDouble);
  const auto positive = miners::easy_positives(distances_of(rows), miners::same_class(labels));
  for (int round = 0; round < kHardRounds; ++round) {
    const Tuples t = miner->mine(rows, labels, seeded(round));
    ASSERT_TRUE(t.positive.equal(positive));
    ASSERT_TRUE(t.valid.equal(labels_of({1, 1, 1, 1, 1, 1, 1, 0}).to(at::kBool)));
    count_draws(negatives, t.anchor, t.negative, t.valid);
  }
  expect_drawn_as(
      negatives,
      miners::semihard_negatives(distances_of(rows), miners::other_class(labels), at::arange(8), positive, 0.3).mask);
}

constexpr double kLeast = 1e-15;  // the reference form's smallest weight

/// Support points 0.05, 0.25, ..., 1.05.
ParametricOptions parametric(const char* mode, bool reference_form) {
  return {.mode = mode, .n_support = 6, .lower = 0.05, .upper = 1.05, .reference_form = reference_form};
}

TEST(ParametricTest, BinWeightsOfEachModeInBothForms) {
  const auto weights = [](const char* mode, bool reference_form) {
    return miners::parametric_bin_weights(parametric(mode, reference_form), numbers({}));
  };
  for (const bool reference_form : {false, true}) {
    const double least = reference_form ? kLeast : 0.0;
    EXPECT_TRUE(weights("uniform", reference_form).equal(at::ones({6}, at::kDouble)));
    EXPECT_TRUE(weights("hards", reference_form).equal(numbers({1, 1, 1, least, least, least})));
    EXPECT_TRUE(weights("veryhards", reference_form).equal(numbers({1, 1, least, least, least, least})));
  }
  EXPECT_TRUE(weights("semihards", false).equal(numbers({0, 0, 1, 1, 0, 0})));
  EXPECT_TRUE(weights("semihards", true).allclose(numbers({0.05, 0.25, 1, 1, 0.85, 1})));
}

TEST(ParametricTest, WeighsADistanceByItsBinAndOutsideTheLimitsNotAtAll) {
  // Distances of row 0: 0.03 is below the limits, 2 above; the others lie in bins 0, 1, 2 and 4.
  const auto rows = on_a_line({0, 7, 0.03, 0.1, 0.3, 0.5, 0.9, 2});
  const auto labels = labels_of({0, 0, 1, 1, 1, 1, 1, 1});
  const auto row = [&](const char* mode, bool reference_form) {
    return miners::parametric_negative_weights(rows, labels, parametric(mode, reference_form))[0];
  };
  EXPECT_TRUE(row("uniform", false).equal(numbers({0, 0, 0, 1, 1, 1, 1, 0})));
  EXPECT_TRUE(row("uniform", true).equal(numbers({0, 0, 1, 1, 1, 1, 1, 1})));
  EXPECT_TRUE(row("veryhards", false).equal(numbers({0, 0, 0, 1, 1, 0, 0, 0})));
  EXPECT_TRUE(row("veryhards", true).equal(numbers({0, 0, 1, 1, 1, kLeast, kLeast, kLeast})));
  EXPECT_TRUE(row("semihards", false).equal(numbers({0, 0, 0, 0, 0, 1, 0, 0})));
  EXPECT_TRUE(row("semihards", true).allclose(numbers({0, 0, 0.05, 0.05, 0.25, 1, 0.85, 0.85})));
}

TEST(ParametricTest, AnAnchorWithoutAWeightTakesAllOtherClasses) {
  const auto weights = miners::parametric_negative_weights(on_a_line({0, 7, 0.9, 2}), labels_of({0, 0, 1, 1}),
                                                           parametric("veryhards", false));
  EXPECT_TRUE(weights[0].equal(numbers({0, 0, 1, 1})));
}

TEST(ParametricTest, DrawsByItsWeights) {
  const auto labels = labels_of({0, 0, 0, 1, 1, 2, 2, 3});
  const auto rows = random_unit_rows(8, 5, 11);
  for (const bool paper : {false, true}) {
    const auto miner = make_miner(miner_choice("parametric", {{"mode", std::string("semihards")}}), paper);
    auto positives = at::zeros({8, 8}, at::kDouble), negatives = at::zeros({8, 8}, at::kDouble);
    for (int round = 0; round < kHardRounds; ++round) {
      const Tuples t = miner->mine(rows, labels, seeded(round));
      ASSERT_FALSE(t.valid[7].item<bool>());
      count_draws(positives, t.anchor, t.positive, t.valid);
      count_draws(negatives, t.anchor, t.negative, t.valid);
    }
    expect_drawn_as(positives, miners::same_class(labels));
    expect_drawn_as(negatives,
                    miners::parametric_negative_weights(rows, labels, {.mode = "semihards", .reference_form = paper}));
  }
}

TEST(ParametricTest, RefusesLimitsThatAreNoInterval) {
  for (const std::vector<double>& limits : {std::vector<double>{1.4, 0.1}, {0.5, 0.5}, {0.5}, {0.1, 0.5, 1.0}, {}}) {
    const auto miner = miners::make_miner(miner_choice("parametric", {{"support_lim", limits}}), false);
    ASSERT_FALSE(miner);
    EXPECT_NE(miner.error().message().find("give two distances, the smaller first"), std::string::npos);
  }
}

}  // namespace
}  // namespace oodml
