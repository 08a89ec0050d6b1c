#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "core/catalogue/catalogue.h"
#include "core/catalogue/script_name.h"
#include "core/distances/pairwise.h"
#include "tests/core/criteria/steps.h"

namespace oodml {
namespace {

using criteria::BatchOutput;
using miners::Tuples;
using testing::allowed_miners;
using testing::check_vectors;
using testing::criterion_choice;
using testing::labels_of;
using testing::make;
using testing::Objective;
using testing::random_unit_rows;

std::vector<std::string> names_in_catalogue(catalogue::Kind kind) {
  std::vector<std::string> names;
  for (const auto& component : catalogue::components(kind)) {
    if (component.name != catalogue::kScript) names.push_back(component.name);  // whatever is in its file
  }
  return names;
}

TEST(BuiltinTest, FactoriesAndCatalogueNameTheSameComponents) {
  EXPECT_EQ(criteria::criterion_names(), names_in_catalogue(catalogue::Kind::kCriterion));
  EXPECT_EQ(miners::miner_names(), names_in_catalogue(catalogue::Kind::kMiner));
}

TEST(BuiltinTest, FactoriesAgreeWithTheCatalogueOnTrainedParameters) {
  for (const auto& name : criteria::criterion_names()) {
    const auto choice = criterion_choice(name);
    Objective objective(choice, allowed_miners(choice).front(), at::zeros({2, 8}), 5);
    auto& criterion = objective.criterion();
    const bool trains = catalogue::find(catalogue::Kind::kCriterion, name)->trains_parameters;
    EXPECT_EQ(!criterion.parameters().empty(), trains) << name;
    EXPECT_EQ(!criterion.parameter_groups().empty(), trains) << name;
  }
}

TEST(BuiltinTest, UnknownNamesAreAnsweredWithTheKnownOnes) {
  const auto criterion = criteria::make_criterion({.name = "marign"}, {});
  ASSERT_FALSE(criterion);
  EXPECT_NE(criterion.error().message().find("multisimilarity"), std::string::npos);
  const auto miner = miners::make_miner({.name = "nearest"}, false);
  ASSERT_FALSE(miner);
  EXPECT_NE(miner.error().message().find("rho_distance"), std::string::npos);
  EXPECT_FALSE(criteria::make_criterion(criterion_choice("margin"), {.n_classes = 0}));
}

TEST(ParametersTest, StartAsSpecifiedAndTrainAtTheirOwnRate) {
  const auto margin = make(criterion_choice("margin"), 3, 4);
  EXPECT_TRUE(margin->parameters()[0].equal(at::full({3}, 1.2f)));
  EXPECT_DOUBLE_EQ(margin->parameter_groups()[0].lr, 5e-4);
  EXPECT_TRUE(make(criterion_choice("margin", {{"beta_constant", true}}), 3, 4)->parameter_groups().empty());

  const auto proxies = make(criterion_choice("oproxy"), 200, 64);
  EXPECT_NEAR(proxies->parameters()[0].std().item<double>(), 1.0 / 8, 0.005);
  EXPECT_NEAR(proxies->parameters()[0].mean().item<double>(), 0.0, 0.005);
  EXPECT_DOUBLE_EQ(proxies->parameter_groups()[0].lr, 0.02);

  const auto arcface = make(criterion_choice("arcface"), 200, 64);
  const auto map = arcface->parameters()[0];
  EXPECT_LE(map.abs().max().item<double>(), 1.0 / 8);
  EXPECT_NEAR(map.std().item<double>(), 1.0 / 8 / std::sqrt(3.0), 0.002);
  EXPECT_TRUE(make(criterion_choice("arcface"), 200, 64)->parameters()[0].equal(map));
}

/// The loss of a form, its gradient in the rows, and those of the parameters, joined.
std::pair<torch::Tensor, torch::Tensor> run(const ComponentChoice& choice, const torch::Tensor& rows,
                                            const torch::Tensor& labels, const std::optional<Tuples>& triplets) {
  const auto criterion = make(choice, 4, rows.size(1));
  const auto x = rows.clone().requires_grad_();
  const auto loss = criterion->forward({.embeddings = x, .labels = labels}, triplets);
  loss.backward();
  return {loss.detach(), x.grad()};
}

TEST(CriteriaTest, NothingToCompareIsAnAttachedZero) {
  const auto none = at::empty({0}, at::kLong);
  const auto one = labels_of({0});
  const auto rows = random_unit_rows(5, 6, 1);
  const auto labels = labels_of({0, 1, 2, 3, 3});
  const std::vector<Tuples> unusable = {{none, none, none, {}}, {one, one, one, at::zeros({1}, at::kBool)}};
  for (const char* name : {"triplet", "contrastive", "margin", "quadruplet", "snr"}) {
    for (const Tuples& triplets : unusable) {
      const auto [loss, gradient] = run(criterion_choice(name), rows, labels, triplets);
      EXPECT_EQ(loss.item<double>(), 0.0) << name;
      EXPECT_TRUE(gradient.equal(at::zeros_like(gradient))) << name;
    }
  }
  for (const char* name : {"multisimilarity", "histogram", "oproxy", "arcface", "proxynca", "softmax", "softtriplet"}) {
    const auto [loss, gradient] = run(criterion_choice(name), at::empty({0, 6}), none, std::nullopt);
    EXPECT_EQ(loss.item<double>(), 0.0) << name;
  }
  for (const char* one_class : {"oodml", "revisiting"}) {
    const auto [loss, gradient] = run(criterion_choice("multisimilarity", {{"variant", std::string(one_class)}}), rows,
                                      labels_of({2, 2, 2, 2, 2}), std::nullopt);
    EXPECT_EQ(loss.item<double>(), 0.0);
    EXPECT_TRUE(gradient.equal(at::zeros_like(gradient)));
  }
}

TEST(CriteriaTest, TripletsThatAreNotValidCountForNothing) {
  const auto vectors = check_vectors();
  auto masked = vectors.triplets;
  masked.valid = labels_of({1, 0, 1, 1, 0, 1}).to(at::kBool);
  const Tuples left = {masked.anchor.masked_select(masked.valid),
                       masked.positive.masked_select(masked.valid),
                       masked.negative.masked_select(masked.valid),
                       {}};
  const auto sum = criterion_choice("triplet", {{"reduction", std::string("sum")}});
  for (const ComponentChoice& choice :
       {criterion_choice("triplet"), sum, criterion_choice("contrastive"), criterion_choice("snr"),
        criterion_choice("margin", {{"beta", 0.6}, {"nu", 0.1}}),
        criterion_choice("margin", {{"count", std::string("pairs")}})}) {
    const auto [loss, gradient] = run(choice, vectors.z, vectors.labels, masked);
    const auto [want, want_gradient] = run(choice, vectors.z, vectors.labels, left);
    EXPECT_TRUE(loss.allclose(want, 1e-6, 1e-7)) << choice.name;
    EXPECT_TRUE(gradient.allclose(want_gradient, 1e-5, 1e-7)) << choice.name;
  }
}

TEST(CriteriaTest, IdenticalRowsKeepEveryGradientFinite) {
  const auto rows = random_unit_rows(1, 6, 2).repeat({6, 1});
  const auto labels = labels_of({0, 0, 1, 1, 2, 2});
  for (const auto& name : criteria::criterion_names()) {
    const auto choice = criterion_choice(name);
    for (const std::string& miner : allowed_miners(choice)) {
      Objective objective(choice, miner, rows, 4);
      auto inputs = testing::step_inputs(rows, labels, 3);
      const auto loss = objective.loss(inputs.batch, 1);
      loss.backward();
      EXPECT_TRUE(loss.isfinite().item<bool>()) << name;
      for (const auto& leaf : inputs.leaves) {
        EXPECT_TRUE(!leaf.grad().defined() || leaf.grad().isfinite().all().item<bool>()) << name << " with " << miner;
      }
    }
  }
  const auto euclidean = criterion_choice("multisimilarity", {{"d_mode", std::string("euclidean")}});
  EXPECT_TRUE(run(euclidean, rows, labels, {}).second.isfinite().all().item<bool>());
}

TEST(CriteriaTest, TheSmallestBatchesAndDimensionsGiveFiniteSteps) {
  for (const char* name : {"triplet", "contrastive", "margin", "npair", "lifted", "angular", "quadruplet", "snr",
                           "multisimilarity", "histogram", "oproxy", "arcface", "proxynca", "softmax", "softtriplet"}) {
    const auto choice = criterion_choice(name);
    for (const std::int64_t size : {1, 2, 4}) {
      for (const std::int64_t dim : {1, 2, 3}) {
        for (const bool paper : {false, true}) {
          const auto rows = random_unit_rows(size, dim, 5);
          rows[0].zero_();
          Objective objective(choice, allowed_miners(choice).front(), rows, 2, paper);
          auto inputs = testing::step_inputs(rows, at::arange(size).div(2, "floor"), 3);
          const auto loss = objective.loss(inputs.batch, 1);
          loss.backward();
          EXPECT_TRUE(loss.isfinite().item<bool>()) << name << ", B " << size << ", D " << dim;
          const auto gradient = inputs.batch.embeddings.grad();
          EXPECT_TRUE(gradient.isfinite().all().item<bool>()) << name << ", B " << size << ", D " << dim;
        }
      }
    }
  }
}

TEST(CriteriaTest, AnAnchorThatIsItsOwnPositiveIsAtDistanceZeroWithoutAGradient) {
  // Paper form, Euclidean: the farthest positive of an anchor may be nearer than every negative, itself included.
  const auto paper = [](const torch::Tensor& x) {
    const auto choice = criterion_choice("multisimilarity", {{"d_mode", std::string("euclidean")}, {"margin", 3.0}});
    return make(choice, 4, x.size(1), /*compat_paper=*/true)
        ->forward({.embeddings = x, .labels = labels_of({0, 1})}, {});
  };
  const auto rows = random_unit_rows(2, 6, 3).requires_grad_();
  const auto loss = paper(rows);
  // No positive but the anchor, and so no bound that a negative could pass: log(1 + e^(2 (0 - 0.5))) / 2 + ln 2 / 40.
  EXPECT_NEAR(loss.item<double>(), std::log(1 + std::exp(-1.0)) / 2 + std::log(2.0) / 40, 1e-6);
  loss.backward();
  EXPECT_TRUE(rows.grad().equal(at::zeros_like(rows)));
}

TEST(CriteriaTest, LargeLogitsDoNotOverflow) {
  const auto rows = random_unit_rows(6, 6, 2);
  const auto labels = labels_of({0, 0, 1, 1, 2, 2});
  const auto sharp = criterion_choice("oproxy", {{"pos_alpha", 5000.0}, {"neg_alpha", 5000.0}});
  EXPECT_TRUE(run(sharp, rows, labels, {}).second.isfinite().all().item<bool>());
  const auto multisimilarity = criterion_choice("multisimilarity", {{"pos_weight", 900.0}, {"neg_weight", 9000.0}});
  EXPECT_TRUE(run(multisimilarity, rows * 3, labels, {}).second.isfinite().all().item<bool>());
}

TEST(CriteriaTest, ArcfaceKeepsAFiniteGradientAtExactAlignment) {
  const auto criterion = make(criterion_choice("arcface"), 4, 4);
  {
    const at::NoGradGuard no_grad;
    criterion->parameters()[0].copy_(at::eye(4));
  }
  const auto x = at::eye(4).requires_grad_();
  criterion->forward({.embeddings = x, .labels = labels_of({0, 1, 2, 3})}, {}).backward();
  EXPECT_TRUE(x.grad().isfinite().all().item<bool>());
}

TEST(CriteriaTest, MismatchedShapesThrow) {
  const auto vectors = check_vectors();
  const auto margin = make(criterion_choice("margin"), 3, 4);
  const BatchOutput good{.embeddings = vectors.z, .labels = vectors.labels};
  EXPECT_THROW(margin->forward(good, std::nullopt), std::invalid_argument);
  EXPECT_THROW(margin->forward({.embeddings = vectors.z, .labels = labels_of({0, 1})}, vectors.triplets),
               std::invalid_argument);
  EXPECT_THROW(margin->forward({.embeddings = vectors.z.select(0, 0), .labels = vectors.labels}, vectors.triplets),
               std::invalid_argument);
  EXPECT_THROW(margin->forward({.embeddings = vectors.z, .labels = vectors.labels.to(at::kInt)}, vectors.triplets),
               std::invalid_argument);
  EXPECT_THROW(margin->forward(good, Tuples{labels_of({0}), labels_of({0, 1}), labels_of({0}), {}}),
               std::invalid_argument);
}

}  // namespace
}  // namespace oodml
