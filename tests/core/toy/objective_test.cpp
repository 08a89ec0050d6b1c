#include "core/toy/objective.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::toy {
namespace {

/// Two rows of class 0 at distance 0.05, and one of class 1: 0.12 from the first and 0.07 from the second.
torch::Tensor rows() { return at::tensor({0.0, 0.0, 0.05, 0.0, 0.12, 0.0}, at::kDouble).view({3, 2}); }
torch::Tensor labels() { return at::tensor({0, 0, 1}, at::kLong); }

TEST(ToyObjectiveTest, TripletsAreEveryPositiveWithEveryNegative) {
  const miners::Tuples triplets = all_triplets(at::tensor({0, 1, 0, 1}, at::kLong));
  EXPECT_TRUE(triplets.anchor.equal(at::tensor({0, 0, 1, 1, 2, 2, 3, 3}, at::kLong)));
  EXPECT_TRUE(triplets.positive.equal(at::tensor({2, 2, 3, 3, 0, 0, 1, 1}, at::kLong)));
  EXPECT_TRUE(triplets.negative.equal(at::tensor({1, 3, 0, 2, 1, 3, 0, 2}, at::kLong)));
}

TEST(ToyObjectiveTest, TheBaseLossPullsPositivesAndPushesNegatives) {
  // Triplets (0, 1, 2) and (1, 0, 2): mean d(a, p) = 0.05; hinges 0 (0.12 is beyond 0.1) and 0.03, mean 0.015.
  EXPECT_NEAR(base_loss(rows(), all_triplets(labels())).item<double>(), 0.05 + 0.015, 3e-6);
}

TEST(ToyObjectiveTest, TheRegularisedLossOnlyPushesAndSwitchedPositivesToo) {
  const miners::Tuples triplets = all_triplets(labels());
  const auto loss = [&](bool first, bool second) {
    return regularised_loss(rows(), triplets, at::tensor(std::vector<int>{first, second}).to(at::kBool)).item<double>();
  };
  EXPECT_NEAR(loss(false, false), 0.015, 3e-6);             // (0 + 0.03) / 2
  EXPECT_NEAR(loss(true, false), (0.05 + 0.03) / 2, 3e-6);  // the pair at 0.05 costs 0.05
  EXPECT_NEAR(loss(true, true), 0.05, 3e-6);
}

TEST(ToyObjectiveTest, TheShiftOfADistanceIsThatOfTheReferences) {
  // d(u, u) = ||1e-6 in both coordinates||; the anchor's distance to its negative is beyond the margin.
  const auto same = at::tensor({0.3, 0.3, 0.3, 0.3, 9.0, 9.0}, at::kDouble).view({3, 2});
  EXPECT_NEAR(base_loss(same, all_triplets(labels())).item<double>(), std::sqrt(2.0) * 1e-6, 1e-12);
}

TEST(ToyObjectiveTest, ABatchOfOneClassCostsNothingAndHasAGradient) {
  const auto embeddings = rows().requires_grad_();
  const miners::Tuples none = all_triplets(at::tensor({0, 0, 0}, at::kLong));
  const auto loss = base_loss(embeddings, none) + regularised_loss(embeddings, none, at::empty({0}, at::kBool));
  loss.backward();
  EXPECT_EQ(loss.item<double>(), 0.0);
  EXPECT_TRUE(embeddings.grad().eq(0).all().item<bool>());
}

}  // namespace
}  // namespace oodml::toy
