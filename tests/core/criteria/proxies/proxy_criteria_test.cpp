// Criteria with trained proxies, class vectors or centroids: proxynca, softmax, softtriplet.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "core/distances/pairwise.h"
#include "tests/core/criteria/check_vectors.h"

namespace oodml {
namespace {

using testing::criterion_choice;
using testing::labels_of;
using testing::make;
using testing::random_unit_rows;

struct ProxyOutcome {
  double loss = 0.0, gradient_norm = 0.0, parameter_gradient_norm = 0.0;
};

void set_parameter(criteria::Criterion& criterion, const torch::Tensor& values) {
  const at::NoGradGuard no_grad;
  criterion.parameters()[0].copy_(values);
}

/// The criterion with this parameter, on unit rows of `rows`; gradients in the raw ones.
ProxyOutcome outcome_of(const ComponentChoice& choice, const torch::Tensor& parameter, const torch::Tensor& rows,
                        const torch::Tensor& labels, std::int64_t n_classes, bool paper = false) {
  const auto criterion = make(choice, n_classes, rows.size(1), paper);
  set_parameter(*criterion, parameter);
  const auto x = rows.clone().requires_grad_();
  const auto loss = criterion->forward({.embeddings = distances::unit_rows(x), .labels = labels}, {});
  loss.backward();
  return {loss.item<double>(), x.grad().norm().item<double>(), criterion->parameters()[0].grad().norm().item<double>()};
}

/// The centroids of docs/check_vectors.md#softtriple-centroids: each proxy, and its reverse halved plus 0.1.
torch::Tensor check_centroids(const torch::Tensor& proxies) {
  return at::stack({proxies, 0.5 * proxies.flip(1) + 0.1}, 1).reshape({6, 4}).t();
}

TEST(SofttripletTest, GivesTheSpecifiedValuesInBothForms) {
  const auto vectors = testing::check_vectors();
  const auto centroids = check_centroids(vectors.proxies);
  const auto outcome = [&](double gamma, bool paper) {
    const auto choice = criterion_choice("softtriplet", {{"gamma", gamma}});
    return outcome_of(choice, centroids, vectors.x, vectors.labels, 3, paper);
  };
  EXPECT_NEAR(outcome(0.1, false).loss, 0.74009186, 7e-6);
  EXPECT_NEAR(outcome(0.1, false).gradient_norm, 0.38703269, 4e-5);
  EXPECT_NEAR(outcome(10.0, false).loss, 0.72252750, 7e-6);
  EXPECT_NEAR(outcome(10.0, false).gradient_norm, 0.23955345, 3e-5);
  EXPECT_NEAR(outcome(0.1, true).loss, 0.80539465, 8e-6);
  EXPECT_NEAR(outcome(0.1, true).gradient_norm, 0.20682095, 3e-5);
  EXPECT_NEAR(outcome(0.1, true).parameter_gradient_norm, 0.58779770, 6e-5);
}

TEST(SofttripletTest, OneCentroidIsASoftmaxWithAMargin) {
  const auto corner = at::eye(2);  // similarities 1 and 0
  const auto choice = criterion_choice("softtriplet", {{"n_centroids", std::int64_t{1}}, {"margin_delta", 0.25}});
  EXPECT_NEAR(outcome_of(choice, corner, corner, labels_of({0, 1}), 2).loss, std::log(1 + std::exp(-8 * 0.75)), 1e-6);
}

TEST(SofttripletTest, LongCentroidsOfTheReferenceFormKeepEverythingFinite) {
  // More dimensions than columns make columns longer than one, and the root that of a negative number.
  const auto rows = random_unit_rows(4, 32, 1);
  const auto centroids = at::ones({32, 4});
  const auto [loss, gradient, of_centroids] =
      outcome_of(criterion_choice("softtriplet"), centroids, rows, labels_of({0, 1, 0, 1}), 2, /*paper=*/true);
  EXPECT_TRUE(std::isfinite(loss) && std::isfinite(gradient) && std::isfinite(of_centroids));
}

TEST(ProxyncaTest, ByHand) {
  const auto one = at::tensor(std::vector<float>{1, 0}).view({1, 2});
  const auto loss = [&](std::initializer_list<std::pair<const std::string, Value>> changes) {
    auto choice = criterion_choice("proxynca", changes);
    choice.params.set("sphereradius", 1.0);
    return outcome_of(choice, at::eye(2), one, labels_of({0}), 2).loss;
  };
  EXPECT_NEAR(loss({}), 0 - 2.0, 1e-6);
  EXPECT_NEAR(loss({{"sq_dist", true}}), 0 - std::sqrt(2.0), 1e-6);
  EXPECT_NEAR(loss({{"euclid", true}}), 0 - std::sqrt(2.0), 1e-6);
  EXPECT_NEAR(loss({{"cosine_dist", true}, {"sq_dist", true}}), -1.0 + 0.0, 1e-6);
  EXPECT_NEAR(loss({{"cosine_dist", true}, {"temperature", 0.25}}), -4.0 + 0.0, 1e-6);
  EXPECT_NEAR(loss({{"convert_to_p", true}}), std::log(1 + std::exp(-2.0)), 1e-6);
}

TEST(ProxyncaTest, ALonelyClassHasNoOthersToSumOver) {
  const auto rows = random_unit_rows(2, 3, 1);
  const auto [loss, gradient, of_proxies] =
      outcome_of(criterion_choice("proxynca"), at::ones({1, 3}), rows, labels_of({0, 0}), 1);
  EXPECT_TRUE(std::isfinite(loss) && std::isfinite(gradient) && std::isfinite(of_proxies));
}

TEST(ProxyncaTest, ARowOnItsProxyKeepsFiniteGradients) {
  const auto rows = random_unit_rows(3, 8, 1);
  for (const char* flag : {"sq_dist", "cosine_dist", "convert_to_p"}) {
    const auto outcome = outcome_of(criterion_choice("proxynca", {{flag, true}}), rows, rows, labels_of({0, 1, 2}), 3);
    EXPECT_TRUE(std::isfinite(outcome.gradient_norm) && std::isfinite(outcome.parameter_gradient_norm)) << flag;
  }
}

TEST(SoftmaxTest, ByHand) {
  const auto rows = at::eye(2);
  const auto choice = criterion_choice("softmax", {{"temperature", 0.5}});
  EXPECT_NEAR(outcome_of(choice, 3 * rows, rows, labels_of({0, 1}), 2).loss, std::log(1 + std::exp(-2.0)), 1e-6);
}

TEST(ProxyCriteriaTest, ParametersStartAsSpecifiedAndTrainAtTheirOwnRate) {
  const auto proxies = make(criterion_choice("proxynca"), 200, 64);
  EXPECT_NEAR(proxies->parameters()[0].std().item<double>(), 1.0 / 8, 0.005);
  EXPECT_DOUBLE_EQ(proxies->parameter_groups()[0].lr, 5e-4);

  const auto map = make(criterion_choice("softmax"), 200, 64);
  EXPECT_LE(map->parameters()[0].abs().max().item<double>(), 1.0 / 8);
  EXPECT_NEAR(map->parameters()[0].std().item<double>(), 1.0 / 8 / std::sqrt(3.0), 0.002);
  EXPECT_DOUBLE_EQ(map->parameter_groups()[0].lr, 1e-5);

  const auto centroids = make(criterion_choice("softtriplet", {{"lrmulti", 3.0}}), 50, 64);
  EXPECT_EQ(centroids->parameters()[0].sizes(), (std::vector<std::int64_t>{64, 100}));
  EXPECT_LE(centroids->parameters()[0].abs().max().item<double>(), 0.1);
  EXPECT_NEAR(centroids->parameters()[0].std().item<double>(), 0.1 / std::sqrt(3.0), 0.002);
  EXPECT_DOUBLE_EQ(centroids->parameter_groups()[0].lr, 3e-5);
}

}  // namespace
}  // namespace oodml
