#include "core/criteria/tuples/quadruplet.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/distances/pairwise.h"
#include "tests/core/criteria/check_vectors.h"

namespace oodml {
namespace {

using criteria::Quadruplet;
using miners::Tuples;
using testing::check_vectors;
using testing::labels_of;

torch::Tensor column(std::vector<float> values) { return at::tensor(values).unsqueeze(1); }

struct QuadrupletOutcome {
  double loss = 0.0, gradient_norm = 0.0;
};

/// On the check vectors, with the gradient in the raw rows.
QuadrupletOutcome outcome_of(const Quadruplet& criterion, const torch::Tensor& fourth) {
  const auto vectors = check_vectors();
  const auto x = vectors.x.clone().requires_grad_();
  const auto loss = criterion.loss(distances::unit_rows(x), vectors.triplets, fourth);
  loss.backward();
  return {loss.item<double>(), x.grad().norm().item<double>()};
}

TEST(QuadrupletTest, GivesTheSpecifiedValuesInBothForms) {
  const auto reference = outcome_of(Quadruplet({.reference_form = true}), labels_of({1, 2, 3, 4, 5, 0}));
  EXPECT_NEAR(reference.loss, 0.30818513, 3e-6);
  EXPECT_NEAR(reference.gradient_norm, 0.43061793, 4e-5);
  EXPECT_NEAR(outcome_of(Quadruplet({}), labels_of({4, 5, 0, 5, 2, 1})).loss, 0.09462225, 1e-6);
}

TEST(QuadrupletTest, BothFormsByHand) {
  const auto rows = column({0, 1, 3, 7});
  const Tuples triplets{labels_of({0, 1}), labels_of({1, 0}), labels_of({2, 3}), {}};
  const auto loss = [&](bool reference_form, const torch::Tensor& fourth) {
    return Quadruplet({.margin_alpha_1 = 2.5, .margin_alpha_2 = 3.5, .reference_form = reference_form})
        .loss(rows, triplets, fourth)
        .item<double>();
  };
  // First term: [1 - 3 + 2.5] and [1 - 6 + 2.5]. Second: distances 4 and 4 from negative to own fourth sample.
  EXPECT_NEAR(loss(false, labels_of({3, 2})), 0.25 + 0.5, 1e-6);
  EXPECT_NEAR(loss(false, labels_of({3, -1})), 0.25 + 0.5, 1e-6);
  EXPECT_NEAR(loss(false, labels_of({-1, -1})), 0.25, 1e-6);
  // Of all pairs of a negative and a fourth sample: 4 0 / 0 4.
  EXPECT_NEAR(loss(true, labels_of({3, 2})), 0.25 + 2.5, 1e-6);
}

TEST(QuadrupletTest, FourthSamplesAreOfAThirdClassOrOfAnotherPositionInTheReferenceForm) {
  const auto labels = labels_of({0, 0, 1, 1, 2});
  Tuples triplets{labels_of({0, 2, 4}), labels_of({1, 3, 4}), labels_of({2, 0, 0}), {}};
  const auto by_class = labels_of({0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0}).to(at::kBool).view({3, 5});
  EXPECT_TRUE(criteria::fourth_candidates(labels, triplets).equal(by_class));
  const auto by_position = labels_of({0, 1, 1, 1, 0, 0, 1, 0, 0}).to(at::kBool).view({3, 3});
  EXPECT_TRUE(criteria::fourth_candidates_by_position(triplets, 5).equal(by_position));
  EXPECT_TRUE(criteria::fourth_candidates_by_position(triplets, 2).equal(by_position.slice(1, 0, 2)));
  triplets.valid = labels_of({1, 0, 1}).to(at::kBool);
  EXPECT_FALSE(criteria::fourth_candidates_by_position(triplets, 5).select(1, 1).any().item<bool>());
}

TEST(QuadrupletTest, DrawsEveryCandidateEquallyOften) {
  // Distances from the negative to its candidates are 1, 2 and 4; the second term is what they lack to 5.
  const auto rows = column({0, 0, 10, 11, 12, 14});
  const criteria::BatchOutput batch{.embeddings = rows, .labels = labels_of({0, 0, 1, 2, 3, 4})};
  const Tuples triplets{labels_of({0}), labels_of({1}), labels_of({2}), {}};
  Quadruplet criterion({.margin_alpha_1 = 0.0, .margin_alpha_2 = 5.0});
  std::map<int, int> drawn;
  constexpr int kRounds = 3000;
  for (int seed = 0; seed < kRounds; ++seed) {
    auto step = batch;
    step.generator = testing::seeded(seed);
    ++drawn[static_cast<int>(std::lround(criterion.forward(step, triplets).item<double>()))];
  }
  double statistic = 0;
  for (const int loss : {4, 3, 1}) statistic += std::pow(drawn[loss] - kRounds / 3.0, 2) / (kRounds / 3.0);
  EXPECT_EQ(drawn.size(), 3u);
  EXPECT_LT(statistic, 2 + 5 * std::sqrt(2 * 2));
}

TEST(QuadrupletTest, TheOrderOfTheBatchDoesNotMatterForGivenFourthSamples) {
  const auto vectors = check_vectors();
  const auto fourth = labels_of({4, 5, 0, 5, 2, -1}), order = labels_of({3, 0, 5, 1, 4, 2});
  const auto place = order.argsort();
  const Tuples moved{place.index_select(0, vectors.triplets.anchor),
                     place.index_select(0, vectors.triplets.positive),
                     place.index_select(0, vectors.triplets.negative),
                     {}};
  const auto moved_fourth = at::where(fourth.ge(0), place.index_select(0, fourth.clamp_min(0)), -1);
  for (const bool reference_form : {false, true}) {
    const Quadruplet criterion({.margin_alpha_1 = 0.5, .margin_alpha_2 = 0.5, .reference_form = reference_form});
    const auto loss = criterion.loss(vectors.z, vectors.triplets, fourth);
    EXPECT_TRUE(loss.allclose(criterion.loss(vectors.z.index_select(0, order), moved, moved_fourth), 1e-5, 1e-6));
  }
}

TEST(QuadrupletTest, CompatPaperChoosesTheForm) {
  const auto vectors = check_vectors();
  // Two classes leave no third one; by position there is always a fourth sample.
  const criteria::BatchOutput batch{
      .embeddings = vectors.z, .labels = labels_of({0, 0, 1, 1, 1, 1}), .generator = testing::seeded(1)};
  const auto choice = testing::criterion_choice("quadruplet", {{"margin_alpha_1", 0.0}, {"margin_alpha_2", 5.0}});
  const Tuples triplets{labels_of({0, 1}), labels_of({1, 0}), labels_of({2, 3}), {}};
  EXPECT_LT(testing::make(choice, 3, 4)->forward(batch, triplets).item<double>(), 1.0);
  EXPECT_GT(testing::make(choice, 3, 4, /*compat_paper=*/true)->forward(batch, triplets).item<double>(), 1.0);
}

}  // namespace
}  // namespace oodml
