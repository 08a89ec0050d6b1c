// Criteria from anchors with sets: npair, lifted, angular.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "core/criteria/criterion.h"
#include "core/distances/pairwise.h"
#include "tests/core/criteria/check_vectors.h"

namespace oodml {
namespace {

using miners::Tuples;
using testing::check_vectors;
using testing::criterion_choice;
using testing::labels_of;
using testing::random_unit_rows;
using testing::with_sets;

struct SetOutcome {
  double loss = 0.0;
  torch::Tensor gradient;
};

SetOutcome outcome_of(const ComponentChoice& choice, const torch::Tensor& rows, const torch::Tensor& labels,
                      const Tuples& tuples, const std::string& arch = "") {
  const auto criterion = criteria::make_criterion(choice, {.embed_dim = rows.size(1), .arch = arch}).value();
  const auto x = rows.clone().requires_grad_();
  const auto loss = criterion->forward({.embeddings = x, .labels = labels}, tuples);
  loss.backward();
  return {loss.item<double>(), x.grad()};
}

/// On the check vectors, each row an anchor; gradients in X, through the normalisation with Z.
void expect_on_check_vectors(const char* name, bool unit, double loss, double gradient_norm) {
  const auto vectors = check_vectors();
  const auto tuples = with_sets(vectors.triplets, vectors.labels);
  const auto criterion = testing::make(criterion_choice(name), 3, 4);
  const auto x = vectors.x.clone().requires_grad_();
  const auto value =
      criterion->forward({.embeddings = unit ? distances::unit_rows(x) : x, .labels = vectors.labels}, tuples);
  value.backward();
  EXPECT_NEAR(value.item<double>(), loss, 1e-5 * loss) << name;
  EXPECT_NEAR(x.grad().norm().item<double>(), gradient_norm, 1e-4 * gradient_norm) << name;
}

TEST(SetCriteriaTest, GiveTheSpecifiedLossesAndGradientNorms) {
  expect_on_check_vectors("npair", false, 1.29766405, 1.44975543);
  expect_on_check_vectors("npair", true, 1.44192052, 0.18072812);
  expect_on_check_vectors("lifted", false, 1.84775722, 0.85697156);
  expect_on_check_vectors("lifted", true, 2.14937329, 0.32046881);
  expect_on_check_vectors("angular", false, 7.77134132, 3.97141194);
  expect_on_check_vectors("angular", true, 7.91559839, 2.98396206);
}

TEST(SetCriteriaTest, NpairDividesTheBatchOfABninception) {
  const auto vectors = check_vectors();
  const auto tuples = with_sets(vectors.triplets, vectors.labels);
  const auto loss = [&](const char* arch) {
    return outcome_of(criterion_choice("npair"), vectors.x, vectors.labels, tuples, arch).loss;
  };
  EXPECT_NEAR(loss("bninception_frozen"), 1.54165721, 1e-5);
  EXPECT_NEAR(loss("resnet50_frozen"), 1.29766405, 1e-5);
}

TEST(SetCriteriaTest, ByHand) {
  const auto labels = labels_of({0, 0, 1});
  const auto rows = at::tensor(std::vector<float>{1, 2, 3}).unsqueeze(1);
  const auto pair = with_sets({labels_of({0}), labels_of({1}), labels_of({2}), {}}, labels);
  EXPECT_NEAR(outcome_of(criterion_choice("npair"), rows, labels, pair).loss, std::log(1 + std::exp(1.0)) + 0.01, 1e-6);

  // Distances 1 and 3 from the first row, 1 and 2 from the second, 1e-6 more or less.
  const auto line = at::tensor(std::vector<float>{0, 1, 3}).unsqueeze(1);
  const auto both = with_sets({labels_of({0, 1}), labels_of({1, 0}), labels_of({2, 2}), {}}, labels);
  const auto lifted = criterion_choice("lifted", {{"neg_margin", 4.0}, {"l2", 0.03}});
  EXPECT_NEAR(outcome_of(lifted, line, labels, both).loss, (2.0 + 3.0) / 2 + 0.03 * 4 / 3, 3e-6);

  const auto corner = at::tensor(std::vector<float>{1, 0, 1, 0, 0, 1}).view({3, 2});
  EXPECT_NEAR(outcome_of(criterion_choice("angular"), corner, labels, pair).loss,
              std::log(1 + std::exp(-1.0)) + 2 * std::log(1 + std::exp(-4.0)) + 0.005, 1e-6);
}

TEST(SetCriteriaTest, WithoutAnchorsOnlyLiftedKeepsItsNormTerm) {
  const auto rows = random_unit_rows(4, 5, 1) * 2, labels = labels_of({0, 1, 2, 3});
  const auto none = at::empty({0}, at::kLong), all = labels_of({0, 1, 2, 3});
  auto masked = with_sets({all, all, all, {}}, labels);
  masked.valid = at::zeros({4}, at::kBool);
  for (const Tuples& tuples : {with_sets({none, none, none, {}}, labels), masked}) {
    for (const char* name : {"npair", "angular"}) {
      const auto [loss, gradient] = outcome_of(criterion_choice(name), rows, labels, tuples);
      EXPECT_EQ(loss, 0.0) << name;
      EXPECT_TRUE(gradient.equal(at::zeros_like(gradient))) << name;
    }
    EXPECT_NEAR(outcome_of(criterion_choice("lifted"), rows, labels, tuples).loss, 0.005 * 2, 1e-6);
  }
}

TEST(SetCriteriaTest, EmptySetsContributeNothing) {
  const auto rows = random_unit_rows(3, 5, 1) * 2, labels = labels_of({1, 1, 1});
  const auto tuples = with_sets({labels_of({0, 1, 2}), labels_of({1, 2, 0}), labels_of({0, 0, 0}), {}}, labels);
  for (const char* name : {"npair", "angular", "lifted"}) {
    const auto [loss, gradient] = outcome_of(criterion_choice(name), rows, labels, tuples);
    EXPECT_NEAR(loss, 0.005 * 2, 1e-6) << name;
    EXPECT_TRUE(gradient.allclose(0.005 / 3 * distances::unit_rows(rows), 1e-5, 1e-7)) << name;
  }
}

TEST(SetCriteriaTest, AnchorsThatAreNotValidCountForNothing) {
  const auto rows = random_unit_rows(6, 5, 1) * 2, labels = labels_of({0, 0, 1, 1, 2, 3});
  const auto valid = labels_of({1, 1, 1, 1, 0, 0}).to(at::kBool);
  auto masked = with_sets({at::arange(6), labels_of({1, 0, 3, 2, 4, 5}), labels_of({2, 2, 0, 0, 0, 0}), {}}, labels);
  masked.valid = valid;
  const auto left = with_sets({at::arange(4), labels_of({1, 0, 3, 2}), labels_of({2, 2, 0, 0}), {}}, labels);
  for (const char* name : {"npair", "angular", "lifted"}) {
    const auto got = outcome_of(criterion_choice(name), rows, labels, masked);
    const auto want = outcome_of(criterion_choice(name), rows, labels, left);
    EXPECT_NEAR(got.loss, want.loss, 1e-6) << name;
    EXPECT_TRUE(got.gradient.allclose(want.gradient, 1e-5, 1e-7)) << name;
  }
}

TEST(SetCriteriaTest, LargeRowsDoNotOverflow) {
  const auto rows = random_unit_rows(6, 5, 1) * 1e3, labels = labels_of({0, 0, 1, 1, 2, 2});
  const auto tuples =
      with_sets({at::arange(6), labels_of({1, 0, 3, 2, 5, 4}), labels_of({2, 2, 0, 0, 0, 0}), {}}, labels);
  for (const char* name : {"npair", "angular", "lifted"}) {
    const auto [loss, gradient] = outcome_of(criterion_choice(name), rows, labels, tuples);
    EXPECT_TRUE(std::isfinite(loss) && gradient.isfinite().all().item<bool>()) << name;
  }
}

TEST(SetCriteriaTest, TripletsOrMisshapenSetsThrow) {
  const auto vectors = check_vectors();
  const criteria::BatchOutput batch{.embeddings = vectors.z, .labels = vectors.labels};
  auto narrow = with_sets(vectors.triplets, vectors.labels);
  narrow.negative_set = narrow.negative_set.slice(1, 0, 5);
  for (const char* name : {"npair", "angular", "lifted"}) {
    const auto criterion = testing::make(criterion_choice(name), 3, 4);
    EXPECT_THROW(criterion->forward(batch, std::nullopt), std::invalid_argument);
    EXPECT_THROW(criterion->forward(batch, vectors.triplets), std::invalid_argument);
    EXPECT_THROW(criterion->forward(batch, narrow), std::invalid_argument);
  }
}

}  // namespace
}  // namespace oodml
