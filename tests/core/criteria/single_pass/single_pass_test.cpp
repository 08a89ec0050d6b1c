// Criteria that write their gradient with their loss, in single precision, against their form in tensor operations,
// which is what they compute in double precision.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <limits>

#include "core/distances/pairwise.h"
#include "tests/core/criteria/check_vectors.h"
#include "tests/core/criteria/steps.h"

namespace oodml {
namespace {

using testing::criterion_choice;

Value text(const char* value) { return Value(std::string(value)); }

struct Form {
  ComponentChoice criterion;
  std::string miner = "none";
};

std::vector<Form> every_form() {
  const auto integer = [](std::int64_t value) { return Value(value); };
  return {{criterion_choice("triplet"), "random"},
          {criterion_choice("triplet", {{"reduction", text("sum")}, {"margin", 1.5}}), "random"},
          {criterion_choice("contrastive"), "random"},
          {criterion_choice("contrastive", {{"pos_margin", 0.2}, {"neg_margin", 1.9}}), "random"},
          {criterion_choice("npair"), "npair"},
          {criterion_choice("npair", {{"l2", 0.3}}), "npair"},
          {criterion_choice("angular"), "npair"},
          {criterion_choice("angular", {{"alpha", 30.0}, {"npair_l2", 0.1}}), "npair"},
          {criterion_choice("lifted"), "lifted"},
          {criterion_choice("lifted", {{"l2", 0.2}, {"neg_margin", 0.4}}), "lifted"},
          {criterion_choice("multisimilarity")},
          {criterion_choice("multisimilarity", {{"variant", text("revisiting")}, {"margin", 0.3}})},
          {criterion_choice("multisimilarity", {{"variant", text("nir")}})},
          {criterion_choice("oproxy")},
          {criterion_choice("oproxy", {{"unique", true}})},
          {criterion_choice("oproxy", {{"variant", text("nir")}})},
          {criterion_choice("oproxy", {{"detach_proxies", true}})},
          {criterion_choice("proxynca")},
          {criterion_choice("proxynca", {{"temperature", 0.5}, {"convert_to_p", true}})},
          {criterion_choice("proxynca", {{"cosine_dist", true}})},
          {criterion_choice("softmax")},
          {criterion_choice("arcface")},
          {criterion_choice("softtriplet")},
          {criterion_choice("softtriplet", {{"n_centroids", integer(3)}, {"reg_weight", 0.7}})},
          {criterion_choice("softtriplet", {{"n_centroids", integer(1)}})}};
}

struct Outcome {
  torch::Tensor loss, rows;
  std::vector<torch::Tensor> parameters;
};

/// `factor` times the loss on these rows, and its gradients, in the type of the rows; draws do not depend on the type.
Outcome outcome_of(const Form& form, const torch::Tensor& rows, const torch::Tensor& labels, std::int64_t n_classes,
                   double factor = 1.0) {
  testing::Objective objective(form.criterion, form.miner, rows, n_classes);
  const auto x = rows.detach().clone().requires_grad_();
  const auto loss = objective.loss({.embeddings = x, .labels = labels}, /*seed=*/5);
  (loss * factor).backward();
  Outcome outcome{loss.detach(), x.grad(), {}};
  for (const auto& parameter : objective.criterion().parameters()) {
    outcome.parameters.push_back(parameter.grad().defined() ? parameter.grad() : at::zeros_like(parameter));
  }
  return outcome;
}

void expect_near(const torch::Tensor& found, const torch::Tensor& wanted, double tolerance, const char* what) {
  const auto expected = wanted.to(at::kDouble);
  const double scale = std::max(expected.abs().max().item<double>(), 1e-3);
  const double worst = (found.to(at::kDouble) - expected).abs().max().item<double>();
  EXPECT_LE(worst, tolerance * scale) << what << " of size " << scale;
}

void expect_as_in_double(const Form& form, const torch::Tensor& rows, const torch::Tensor& labels,
                         std::int64_t n_classes, double factor = 1.0, double tolerance = 1e-5) {
  SCOPED_TRACE(form.criterion.name + " " + std::to_string(rows.size(0)) + " x " + std::to_string(rows.size(1)));
  const Outcome single = outcome_of(form, rows, labels, n_classes, factor);
  const Outcome both = outcome_of(form, rows.to(at::kDouble), labels, n_classes, factor);
  EXPECT_EQ(single.loss.scalar_type(), at::kFloat);
  expect_near(single.loss, both.loss, tolerance, "loss");
  expect_near(single.rows, both.rows, tolerance, "gradient of the rows");
  ASSERT_EQ(single.parameters.size(), both.parameters.size());
  for (std::size_t i = 0; i < single.parameters.size(); ++i) {
    expect_near(single.parameters[i], both.parameters[i], tolerance, "gradient of a parameter");
  }
}

/// Rows of unit length with classes near to each other.
torch::Tensor clustered(const torch::Tensor& labels, std::int64_t dim, double noise) {
  const auto centres = testing::random_unit_rows(labels.max().item<std::int64_t>() + 1, dim, 1);
  const auto rows = centres.index_select(0, labels) + noise * testing::random_unit_rows(labels.size(0), dim, 2);
  return distances::unit_rows(rows);
}

TEST(SinglePassTest, IsTheFormInDoublePrecisionOnBatchesOfEverySize) {
  struct Shape {
    std::int64_t rows, dim, per_class;
  };
  for (const Shape shape : {Shape{112, 128, 2}, {7, 5, 3}, {50, 33, 4}, {97, 130, 8}, {2, 16, 1}, {17, 600, 2}}) {
    const auto labels = at::arange(shape.rows, at::kLong).div(shape.per_class, "floor");
    const auto rows = clustered(labels, shape.dim, 0.7);
    for (const Form& form : every_form()) expect_as_in_double(form, rows, labels, shape.rows + 1);
  }
}

TEST(SinglePassTest, RowsNeedNotHaveUnitLengthAndBatchesMayBeOfOneClass) {
  const auto labels = at::arange(24, at::kLong).remainder(5);
  const auto rows = clustered(labels, 12, 0.7) * at::linspace(0.2, 4.0, 24).unsqueeze(1);
  const auto one_class = at::zeros({24}, at::kLong);
  for (const Form& form : every_form()) {
    expect_as_in_double(form, rows, labels, 6, /*factor=*/-0.25, 3e-5);
    expect_as_in_double(form, rows, one_class, 6, /*factor=*/3.0, 3e-5);
  }
}

TEST(SinglePassTest, NearAndEqualRowsKeepTheirDigits) {
  const auto labels = at::arange(40, at::kLong).div(2, "floor");
  const Form lifted{criterion_choice("lifted"), "lifted"};
  auto rows = clustered(labels, 64, 1e-3);  // positives at distances of some 1e-3
  expect_as_in_double(lifted, rows, labels, 20, 1.0, 3e-5);
  rows[1].copy_(rows[0]);
  for (const Form& form : every_form()) expect_as_in_double(form, rows, labels, 20, 1.0, 3e-5);
  const auto collapsed = distances::unit_rows(rows[0].unsqueeze(0) + 1e-3 * rows);  // all near: the plain form
  expect_as_in_double(lifted, collapsed, labels, 20, 1.0, 3e-5);
}

bool is_finite(const Form& form, const torch::Tensor& rows, const torch::Tensor& labels) {
  return outcome_of(form, rows, labels, 6).loss.isfinite().item<bool>();
}

TEST(SinglePassTest, WhatIsNoUsualNumberIsLeftToThePlainForm) {
  const auto labels = at::arange(12, at::kLong).div(2, "floor");
  for (const Form& form : every_form()) {
    SCOPED_TRACE(form.criterion.name);
    auto rows = clustered(labels, 8, 0.7);
    rows[3].zero_();
    EXPECT_TRUE(is_finite(form, rows, labels));
    rows[3][2] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(is_finite(form, rows, labels), is_finite(form, rows.to(at::kDouble), labels));
  }
}

TEST(SinglePassTest, ReadsRowsThatDoNotLieSideBySide) {
  const auto labels = at::arange(30, at::kLong).div(3, "floor");
  const auto rows = clustered(labels, 20, 0.7);
  for (const Form& form : every_form()) {
    SCOPED_TRACE(form.criterion.name);
    testing::Objective objective(form.criterion, form.miner, rows, 10);
    const auto across = rows.t().contiguous().requires_grad_();
    objective.loss({.embeddings = across.t(), .labels = labels}, 5).backward();
    expect_near(across.grad().t(), outcome_of(form, rows, labels, 10).rows, 1e-6, "gradient");
  }
}

TEST(SinglePassTest, GradientsAddUpAndAreThereTwiceIfTheGraphIsKept) {
  const auto labels = at::arange(20, at::kLong).div(2, "floor");
  const auto rows = clustered(labels, 16, 0.7);
  for (const Form& form : every_form()) {
    SCOPED_TRACE(form.criterion.name);
    testing::Objective objective(form.criterion, form.miner, rows, 10);
    const auto x = rows.clone().requires_grad_();
    const auto loss = objective.loss({.embeddings = x, .labels = labels}, 5);
    loss.backward({}, /*retain_graph=*/true);
    loss.backward();
    expect_near(x.grad(), 2 * outcome_of(form, rows, labels, 10).rows, 1e-6, "gradient");
  }
}

TEST(SinglePassTest, ASecondDerivativeIsRefusedRatherThanWrong) {
  const auto labels = at::arange(20, at::kLong).div(2, "floor");
  testing::Objective objective(criterion_choice("softmax"), "none", clustered(labels, 16, 0.7), 10);
  const auto x = clustered(labels, 16, 0.7).requires_grad_();
  const auto loss = objective.loss({.embeddings = x, .labels = labels}, 5);
  EXPECT_THROW(torch::autograd::grad({loss}, {x}, {}, true, /*create_graph=*/true), c10::Error);
}

}  // namespace
}  // namespace oodml
