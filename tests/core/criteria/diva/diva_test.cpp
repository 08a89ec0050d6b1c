#include "core/criteria/diva/diva.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "tests/core/criteria/check_vectors.h"
#include "tests/core/criteria/differences.h"
#include "tests/core/criteria/steps.h"
#include "tests/core/miners/default_miner.h"

namespace oodml {
namespace {

using criteria::BatchOutput;
using criteria::CriterionContext;
using testing::criterion_choice;
using testing::expect_gradient;
using testing::labels_of;
using testing::random_unit_rows;
using testing::seeded;
using Texts = std::vector<std::string>;
using Numbers = std::vector<double>;

const char* const kHeads[] = {"discriminative", "shared", "selfsimilarity", "intra"};

std::shared_ptr<criteria::Criterion> made(const ComponentChoice& choice, std::int64_t dim, bool paper = false) {
  return criteria::make_criterion(choice, {.embed_dim = dim,
                                           .feature_dim = 6,
                                           .n_classes = 6,
                                           .lr = 1e-5,
                                           .miner = testing::miner_choice("distance"),
                                           .compat_paper = paper,
                                           .generator = seeded(5)})
      .value();
}

ComponentChoice separation(Texts directions, Numbers weights) {
  return criterion_choice("adversarial_separation", {{"decorrelations", std::move(directions)},
                                                     {"rho_decorrelation", std::move(weights)},
                                                     {"decorrnet_dim", std::int64_t{2}}});
}

TEST(AdversarialSeparationTest, GivesTheSpecifiedLossAndAReversedGradient) {
  const auto criterion = made(separation({"shared-intra"}, {300.0}), 4);
  {
    const at::NoGradGuard no_grad;
    auto parameters = criterion->named_parameters();
    const std::string net = "regressor.shared-intra.";
    parameters[net + "0.weight"].copy_(at::tensor(std::vector<float>{1, 0, 1, 0, 0, 1, 0, -1}).view({2, 4}));
    parameters[net + "0.bias"].zero_();
    parameters[net + "1.weight"].copy_(at::tensor(std::vector<float>{1, 0, 0, 1, 1, 1, 1, -1}).view({4, 2}));
    parameters[net + "1.bias"].fill_(0.1);
  }
  const auto a = testing::check_vectors().x.clone().requires_grad_();
  const auto loss = criterion->forward({.heads = {{"shared", a}, {"intra", a.detach().flip({1})}}}, {});
  EXPECT_NEAR(loss.item<double>(), -20.67709351, 2e-4);
  loss.backward();
  const std::vector<float> want = {0.22447269f, -0.05325121f, 0.28154650f, -0.11797023f};
  EXPECT_TRUE(a.grad()[0].allclose(at::tensor(want), 1e-4, 1e-6)) << a.grad()[0];
}

TEST(AdversarialSeparationTest, RegressorsGetTheGradientOfTheLossAndBothHeadsItsNegative) {
  const auto criterion = made(separation({"shared-intra", "intra-shared"}, {3.0, 5.0}), 4);
  criterion->to(at::kDouble);
  const auto a = random_unit_rows(5, 4, 1, at::kDouble).requires_grad_();
  const auto b = random_unit_rows(5, 4, 2, at::kDouble).requires_grad_();
  const auto loss = [&] { return criterion->forward({.heads = {{"shared", a}, {"intra", b}}}, {}); };
  loss().backward();
  for (const auto& head : {a, b}) {
    EXPECT_TRUE((-head.grad()).allclose(testing::differences(head, loss), 1e-5, 1e-7));
    EXPECT_GT(head.grad().abs().max().item<double>(), 1e-3);
  }
  for (const auto& parameter : criterion->parameters()) expect_gradient(parameter, loss);
}

TEST(AdversarialSeparationTest, TheShorterListEndsBoth) {
  const auto one = made(separation({"shared-intra", "intra-shared"}, {3.0}), 4);
  const auto rows = random_unit_rows(5, 4, 1);
  const BatchOutput batch{.heads = {{"shared", rows}, {"intra", rows.flip({0})}}};
  EXPECT_EQ(one->named_parameters().size(), 8u);
  EXPECT_TRUE(one->forward(batch, {}).equal(made(separation({"shared-intra"}, {3.0, 9.0}), 4)->forward(batch, {})));
  EXPECT_EQ(made(separation({}, {3.0}), 4)->forward(batch, {}).item<double>(), 0.0);
}

TEST(AdversarialSeparationTest, DirectionsThatAreNoneAreRefused) {
  for (const char* bad : {"shared", "shared-", "-intra", "shared-shared", "a-b-c", "sh.ared-intra", ""}) {
    const auto refused = criteria::make_criterion(separation({bad}, {1.0}), {.generator = seeded(1)});
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code(), StatusCode::kInvalidArgument);
  }
  EXPECT_FALSE(criteria::make_criterion(separation({"a-b", "a-b"}, {1.0, 2.0}), {.generator = seeded(1)}));
  EXPECT_THROW(made(separation({"a-b"}, {1.0}), 4)->forward({.heads = {{"a", at::zeros({2, 4})}}}, {}),
               std::invalid_argument);
}

TEST(ImrotTest, IsCrossEntropyOfALinearMap) {
  const auto criterion = made(criterion_choice("imrot"), 4);
  criterion->to(at::kDouble);
  auto weight = criterion->named_parameters()["classifier.weight"];
  EXPECT_EQ(weight.sizes(), (std::vector<std::int64_t>{4, 6}));
  EXPECT_DOUBLE_EQ(criterion->parameter_groups().at(0).lr, 1e-4);
  const auto z = random_unit_rows(5, 6, 1, at::kDouble).requires_grad_();
  const auto loss = [&] { return criterion->forward({.avg_features = z, .rotation = labels_of({0, 1, 2, 3, 0})}, {}); };
  loss().backward();
  expect_gradient(z, loss);
  expect_gradient(weight, loss);
  {
    const at::NoGradGuard no_grad;
    weight.zero_();
  }
  EXPECT_NEAR(loss().item<double>(), std::log(4.0), 1e-12);
  EXPECT_FALSE(criteria::make_criterion(criterion_choice("imrot"), {.feature_dim = 0, .generator = seeded(1)}));
  EXPECT_EQ(criterion->forward({.avg_features = z.slice(0, 0, 0), .rotation = labels_of({})}, {}).item<double>(), 0.0);
}

/// Rows of 16 images of four heads, keys and a queue.
BatchOutput diva_batch(std::int64_t dim, std::uint64_t seed, at::ScalarType type = at::kFloat) {
  BatchOutput batch{.labels = at::arange(16).div(4, "floor"), .generator = seeded(seed)};
  for (std::uint64_t i = 0; i < 4; ++i) batch.heads[kHeads[i]] = random_unit_rows(16, dim, 10 + i, type);
  batch.embeddings = batch.heads["discriminative"];
  batch.keys = random_unit_rows(16, dim, 20, type);
  batch.queue = random_unit_rows(24, dim, 21, type);
  return batch;
}

ComponentChoice small_diva(std::initializer_list<std::pair<const std::string, Value>> changes = {}) {
  auto choice = criterion_choice("diva", changes);
  choice.params.set("decorrnet_dim", std::int64_t{3});
  return choice;
}

TEST(DivaTest, IsTheWeightedSumOfItsParts) {
  const auto weighted = [&](double ssl, double shared, double intra, const Numbers& rho) {
    const auto choice =
        small_diva({{"alpha_ssl", ssl}, {"alpha_shared", shared}, {"alpha_intra", intra}, {"rho_decorrelation", rho}});
    return made(choice, 5)->forward(diva_batch(5, 3), {}).item<double>();
  };
  const double base = weighted(0, 0, 0, {});
  const auto margin = made(criterion_choice("margin"), 5);
  const auto batch = diva_batch(5, 3);
  const auto miner = testing::make_miner(testing::miner_choice("distance"));
  const auto tuples = miner->mine(batch.embeddings, batch.labels, seeded(3));
  EXPECT_NEAR(base, margin->forward(batch, tuples).item<double>(), 1e-6);
  auto moco_batch = batch;
  moco_batch.embeddings = batch.heads.at("selfsimilarity");
  const double self = made(criterion_choice("fast_moco"), 5)->forward(moco_batch, {}).item<double>();
  EXPECT_NEAR(weighted(0.7, 0, 0, {}) - base, 0.7 * self, 1e-4);
  const double shared = weighted(0, 1, 0, {}) - base, intra = weighted(0, 0, 1, {}) - base;
  EXPECT_GT(shared, 0.0);
  EXPECT_GT(intra, 0.0);
  const double separated = weighted(0, 0, 0, {300, 300, 300}) - base;
  EXPECT_LT(separated, 0.0);
  EXPECT_NEAR(weighted(0.7, 0.2, 0.4, {300, 300, 300}), base + 0.7 * self + 0.2 * shared + 0.4 * intra + separated,
              2e-4);
}

TEST(DivaTest, PartsTrainApartInTheOrderOfTheReferences) {
  const auto diva = made(small_diva({{"trainable_temp", true}}), 5);
  const auto groups = diva->parameter_groups();
  ASSERT_EQ(groups.size(), 5u);  // betas, regressors, temperature, betas, betas
  const std::vector<double> rates = {5e-4, 1e-5, 5e-4, 5e-4, 5e-4};
  for (std::size_t i = 0; i < groups.size(); ++i) EXPECT_DOUBLE_EQ(groups[i].lr, rates[i]) << i;
  EXPECT_FALSE(groups[0].parameters[0].is_same(groups[3].parameters[0]));
  EXPECT_EQ(diva->parameters().size(), 3 + 1 + 3 * 4u);
  EXPECT_EQ(diva->miners_inside().size(), 3U);
}

TEST(DivaTest, GradientsAgreeWithDifferencesForGivenTuples) {
  const auto criterion = made(small_diva({{"rho_decorrelation", Numbers{}}, {"temperature", 0.5}}), 4);
  criterion->to(at::kDouble);
  auto batch = diva_batch(4, 3, at::kDouble);
  for (auto& [name, head] : batch.heads) head.requires_grad_();
  const miners::Tuples tuples{labels_of({0, 5, 9}), labels_of({1, 6, 10}), labels_of({12, 2, 3}), {}};
  auto& diva = dynamic_cast<criteria::Diva&>(*criterion);
  const auto loss = [&] { return diva.loss(batch, {tuples, tuples, tuples}); };
  loss().backward();
  for (const char* head : {"discriminative", "shared", "intra"}) expect_gradient(batch.heads[head], loss);
  EXPECT_GT(batch.heads["selfsimilarity"].grad().abs().max().item<double>(), 0.0);
  for (const auto& parameter : criterion->parameters()) expect_gradient(parameter, loss);
}

TEST(DivaTest, TheSameDrawsGiveTheSameBitsAndOthersOtherTuples) {
  const auto diva = made(small_diva(), 5);
  const auto loss = [&](std::uint64_t seed) { return diva->forward(diva_batch(5, seed), {}).item<double>(); };
  EXPECT_EQ(loss(3), loss(3));
  EXPECT_NE(loss(3), loss(4));
}

TEST(DivaTest, ACriterionWithoutTuplesNeedsNoMiner) {
  const auto choice = small_diva({{"loss", std::string("multisimilarity")}});
  const CriterionContext context{.embed_dim = 5, .n_classes = 6, .generator = seeded(5)};
  const auto diva = criteria::make_criterion(choice, context);
  ASSERT_TRUE(diva);
  EXPECT_TRUE((*diva)->forward(diva_batch(5, 3), {}).isfinite().item<bool>());
  EXPECT_FALSE(criteria::make_criterion(small_diva(), context));
  const auto unknown = small_diva({{"decorrelations", Texts{"shared-inner"}}});
  EXPECT_NE(criteria::make_criterion(unknown, context).error().message().find("unknown head"), std::string::npos);
  EXPECT_THROW(diva.value()->forward({.labels = labels_of({0})}, {}), std::invalid_argument);
}

}  // namespace
}  // namespace oodml
