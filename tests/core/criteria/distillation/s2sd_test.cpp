#include "core/criteria/distillation/s2sd.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/catalogue/catalogue.h"
#include "core/distances/pairwise.h"
#include "tests/core/criteria/check_vectors.h"
#include "tests/core/criteria/differences.h"

namespace oodml {
namespace {

using criteria::BatchOutput;
using criteria::CriterionContext;
using testing::criterion_choice;
using testing::expect_gradient;
using testing::labels_of;
using testing::seeded;

constexpr std::int64_t kFeatures = 6;

Value text(const char* value) { return std::string(value); }

ComponentChoice small_s2sd(std::initializer_list<std::pair<const std::string, Value>> changes = {}) {
  auto choice = criterion_choice("s2sd");
  choice.params.set("target_dims", std::vector<std::int64_t>{5, 3});
  for (const auto& [key, value] : changes) choice.params.set(key, value);
  return choice;
}

CriterionContext context_with(const char* miner, bool paper = false) {
  return {.embed_dim = 4,
          .feature_dim = kFeatures,
          .n_classes = 4,
          .lr = 1e-5,
          .miner = miner == std::string("none") ? ComponentChoice{.name = "none"} : testing::miner_choice(miner),
          .compat_paper = paper,
          .generator = seeded(5)};
}

std::shared_ptr<criteria::S2sd> made_s2sd(const ComponentChoice& choice, const char* miner = "distance") {
  return std::dynamic_pointer_cast<criteria::S2sd>(criteria::make_criterion(choice, context_with(miner)).value());
}

BatchOutput batch_of(std::uint64_t seed = 3, at::ScalarType type = at::kFloat) {
  const auto features = at::randn({8, kFeatures, 3, 2}, seeded(8), at::TensorOptions(type));
  return {.embeddings = 2 * testing::random_unit_rows(8, 4, 1, type),
          .labels = labels_of({0, 0, 1, 1, 2, 2, 3, 0}),
          .features = features,
          .avg_features = features.mean({2, 3}),
          .generator = seeded(seed)};
}

const miners::Tuples kTuples{labels_of({0, 2, 4}), labels_of({1, 3, 5}), labels_of({2, 4, 6}), {}};

TEST(S2sdTest, DivergesFromItsTeacherAsSpecified) {
  const auto vectors = testing::check_vectors(at::kDouble);
  const auto student = vectors.z.mm(vectors.z.t()), teacher = vectors.x.mm(vectors.x.t()) / 10;
  // Differences of nearly equal logarithms: single precision, which the numbers are from, keeps four digits.
  EXPECT_NEAR(criteria::similarity_divergence(student, teacher, 1.0).item<double>(), 0.00432389, 3e-7);
  EXPECT_NEAR(criteria::similarity_divergence(student, teacher, 2.0).item<double>(), 0.00425919, 3e-7);
  EXPECT_NEAR(criteria::similarity_divergence(student, student, 0.01).item<double>(), 0.0, 1e-6);
  EXPECT_FALSE(criteria::similarity_divergence(student, teacher.clone().requires_grad_(), 1.0).requires_grad());
}

TEST(S2sdTest, IsTheMeanOfItsCriteriaWithoutDistillation) {
  const auto batch = batch_of();
  const auto s2sd = made_s2sd(small_s2sd({{"w", 0.0}, {"source", text("oproxy")}}));
  auto inner = batch;
  inner.embeddings = distances::unit_rows(batch.embeddings);
  auto source = testing::make(criterion_choice("oproxy"), 4, 4);
  source->parameters()[0].set_data(s2sd->named_parameters()["source_criterion.proxies"]);
  double want = source->forward(inner, {}).item<double>() / 2;
  const auto multisimilarity = testing::make(criterion_choice("multisimilarity"), 4, 4);
  for (const char* net : {"target_net.0.", "target_net.1."}) {
    const auto parameters = s2sd->named_parameters();
    const auto layer = [&](const torch::Tensor& rows, const std::string& k) {
      return at::linear(rows, parameters[net + k + ".weight"], parameters[net + k + ".bias"]);
    };
    inner.embeddings = distances::unit_rows(layer(layer(batch.avg_features, "0").relu(), "1"));
    want += multisimilarity->forward(inner, {}).item<double>() / 4;
  }
  EXPECT_NEAR(s2sd->forward(batch, {}).item<double>(), want, 1e-5);
}

TEST(S2sdTest, GradientsAgreeWithDifferencesWhereNoTeacherIsMoved) {
  for (const bool pool : {false, true}) {
    const auto s2sd = made_s2sd(
        small_s2sd({{"w", 0.0}, {"pool_aggr", pool}, {"source", text("margin")}, {"target", text("oproxy")}}));
    s2sd->to(at::kDouble);
    auto batch = batch_of(3, at::kDouble);
    batch.embeddings.requires_grad_();
    auto& features = pool ? batch.features : batch.avg_features;
    features.requires_grad_();
    const auto loss = [&] { return s2sd->loss(batch, kTuples); };
    loss().backward();
    expect_gradient(batch.embeddings, loss);
    expect_gradient(features, loss);
    for (const auto& parameter : s2sd->parameters()) expect_gradient(parameter, loss);
  }
}

TEST(S2sdTest, TheStudentFollowsItsTeachersWhichDoNotFollowIt) {
  const auto with =
      made_s2sd(small_s2sd({{"w", 7.0}, {"feat_distill", true}, {"feat_distill_delay", std::int64_t{0}}}));
  with->to(at::kDouble);
  auto batch = batch_of(3, at::kDouble);
  batch.embeddings.requires_grad_();
  const auto loss = [&] { return with->loss(batch, kTuples); };
  loss().backward();
  expect_gradient(batch.embeddings, loss);
  const auto without = made_s2sd(small_s2sd({{"w", 0.0}}));
  without->to(at::kDouble);
  without->loss(batch, kTuples).backward();
  for (const auto& item : with->named_parameters()) {
    EXPECT_TRUE(item.value().grad().equal(without->named_parameters()[item.key()].grad())) << item.key();
  }
}

TEST(S2sdTest, FeaturesTeachAfterTheDelayAndTheCountIsPartOfTheState) {
  const auto late = made_s2sd(small_s2sd({{"feat_distill", true}, {"feat_distill_delay", std::int64_t{2}}}));
  const auto never = made_s2sd(small_s2sd());
  const auto batch = batch_of();
  const double plain = never->forward(batch, {}).item<double>();
  EXPECT_EQ(late->forward(batch, {}).item<double>(), plain);
  EXPECT_EQ(late->forward(batch, {}).item<double>(), plain);
  EXPECT_GT(late->forward(batch, {}).item<double>(), plain);
  EXPECT_EQ(late->named_buffers()["iteration"].item<std::int64_t>(), 3);
}

TEST(S2sdTest, EachCriterionMinesInItsOwnEmbeddings) {
  const auto choice = small_s2sd({{"source", text("triplet")}, {"target", text("triplet")}});
  const auto loss = [&](std::uint64_t seed, const std::optional<miners::Tuples>& given) {
    return made_s2sd(choice)->forward(batch_of(seed), given).item<double>();
  };
  EXPECT_EQ(made_s2sd(choice)->miners_inside().size(), 1 + choice.params.integers("target_dims").size());
  EXPECT_EQ(loss(3, {}), loss(3, kTuples));
  EXPECT_NE(loss(3, {}), loss(4, {}));
  EXPECT_TRUE(made_s2sd(small_s2sd(), "none")->forward(batch_of(), {}).isfinite().item<bool>());
  const auto without_miner = criteria::make_criterion(choice, context_with("none"));
  ASSERT_FALSE(without_miner);
  EXPECT_NE(without_miner.error().message().find("triplet"), std::string::npos);
}

TEST(S2sdTest, BetasInsideTrainAtTheNetworksRateUnlessAskedOtherwise) {
  const auto rates = [](const ComponentChoice& choice) {
    std::vector<double> lrs;
    for (const auto& group : made_s2sd(choice)->parameter_groups()) lrs.push_back(group.lr);
    return lrs;
  };
  const auto margins = {std::pair<const std::string, Value>{"source", text("margin")}, {"target", text("margin")}};
  EXPECT_EQ(rates(small_s2sd(margins)), (std::vector<double>{1e-5, 1e-5, 1e-5, 1e-5}));
  EXPECT_EQ(rates(small_s2sd({{"source", text("margin")}, {"target", text("margin")}, {"sub_lr", text("own")}})),
            (std::vector<double>{1e-5, 5e-4, 5e-4, 5e-4}));
  EXPECT_EQ(rates(small_s2sd({{"source", text("arcface")}, {"target", text("oproxy")}})),
            (std::vector<double>{1e-5, 0.02, 0.02, 1e-5}));
  EXPECT_EQ(rates(small_s2sd()), (std::vector<double>{1e-5}));
}

TEST(S2sdTest, OptionsReachTheCriteriaInside) {
  const auto s2sd =
      made_s2sd(small_s2sd({{"source", text("margin")}, {"target", text("arcface")}, {"margin_beta", 0.6}}));
  const auto parameters = s2sd->named_parameters();
  EXPECT_TRUE(parameters["source_criterion.beta"].equal(at::full({4}, 0.6f)));
  EXPECT_EQ(parameters["target_criterion.1.class_map"].sizes(), (std::vector<std::int64_t>{4, 3}));
  EXPECT_EQ(parameters["target_net.0.0.weight"].sizes(), (std::vector<std::int64_t>{5, kFeatures}));
}

TEST(S2sdTest, WhatCannotBeMadeIsRefused) {
  auto context = context_with("none");
  EXPECT_FALSE(criteria::make_criterion(small_s2sd({{"target_dims", std::vector<std::int64_t>{}}}), context));
  context.feature_dim = 0;
  EXPECT_FALSE(criteria::make_criterion(small_s2sd(), context));
  BatchOutput batch = batch_of();
  batch.avg_features = torch::Tensor();
  EXPECT_THROW(made_s2sd(small_s2sd())->forward(batch, {}), std::invalid_argument);
}

TEST(S2sdTest, DegenerateBatchesStayFinite) {
  const auto s2sd =
      made_s2sd(small_s2sd({{"feat_distill", true}, {"feat_distill_delay", std::int64_t{0}}, {"T", 0.001}}));
  for (const std::int64_t rows : {0, 1, 2}) {
    const auto x = at::zeros({rows, 4}).requires_grad_();
    const auto loss = s2sd->forward({.embeddings = x,
                                     .labels = at::zeros({rows}, at::kLong),
                                     .avg_features = at::zeros({rows, kFeatures}),
                                     .generator = seeded(1)},
                                    {});
    loss.backward();
    EXPECT_TRUE(loss.isfinite().item<bool>() && x.grad().isfinite().all().item<bool>()) << rows;
  }
}

TEST(InnerCriterionTest, EveryOneReadsEmbeddingsAloneAndHasItsParametersInTheOuterOne) {
  const auto* s2sd = catalogue::find(catalogue::Kind::kCriterion, "s2sd");
  for (const std::string& name : s2sd->find("source")->choices) {
    const auto* inside = catalogue::find(catalogue::Kind::kCriterion, name);
    EXPECT_TRUE(inside->inputs.empty()) << name;
    for (const auto& parameter : inside->parameters) EXPECT_NE(s2sd->find(name + "_" + parameter.name), nullptr);
  }
}

}  // namespace
}  // namespace oodml
