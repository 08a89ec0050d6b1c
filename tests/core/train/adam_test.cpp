#include "core/train/adam.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::train {
namespace {

torch::Tensor parameter(std::vector<float> values) { return torch::tensor(values).set_requires_grad(true); }

void set_gradient(torch::Tensor& tensor, std::vector<float> values) { tensor.mutable_grad() = torch::tensor(values); }

TEST(AdamTest, TwoStepsEqualTheFormulaWithCoupledDecay) {
  auto weight = parameter({1.0F});
  Adam adam({{{weight}, 0.1, 0.5}});
  double w = 1.0, m = 0.0, v = 0.0;
  for (int step = 1; step <= 2; ++step) {
    set_gradient(weight, {2.0F});
    adam.step(1.0);
    const double g = 2.0 + 0.5 * w;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    w -= 0.1 * (m / (1 - std::pow(0.9, step))) / (std::sqrt(v / (1 - std::pow(0.999, step))) + 1e-8);
    EXPECT_NEAR(weight.item<double>(), w, 1e-6) << step;
  }
}

TEST(AdamTest, OtherBetasEqualTheFormulaToo) {
  auto weight = parameter({1.0F});
  Adam adam({{{weight}, 0.1, 0.0}}, {.first = 0.5, .second = 0.75});
  double w = 1.0, m = 0.0, v = 0.0;
  for (int step = 1; step <= 3; ++step) {
    const double g = 1.0 / step;
    set_gradient(weight, {static_cast<float>(g)});
    adam.step(1.0);
    m = 0.5 * m + 0.5 * g;
    v = 0.75 * v + 0.25 * g * g;
    w -= 0.1 * (m / (1 - std::pow(0.5, step))) / (std::sqrt(v / (1 - std::pow(0.75, step))) + 1e-8);
    EXPECT_NEAR(weight.item<double>(), w, 1e-6) << step;
  }
}

TEST(AdamTest, EachGroupHasItsRateAndDecayAndTheFactorScalesAll) {
  auto network = parameter({1.0F}), proxies = parameter({1.0F});
  Adam adam({{{network}, 1e-3, 0.0}, {{proxies}, 0.5, 0.0}});
  set_gradient(network, {3.0F});
  set_gradient(proxies, {-3.0F});
  adam.step(0.1);  // a first step moves by lr against the gradient's sign
  EXPECT_NEAR(network.item<double>(), 1.0 - 1e-4, 1e-7);
  EXPECT_NEAR(proxies.item<double>(), 1.0 + 0.05, 1e-6);
}

TEST(AdamTest, AParameterWithoutGradientNeitherMovesNorDecaysNorAges) {
  auto body = parameter({1.0F}), head = parameter({1.0F});
  Adam adam({{{body, head}, 0.1, 0.5}});
  adam.zero_grad();
  set_gradient(head, {1.0F});
  adam.step(1.0);
  EXPECT_EQ(body.item<double>(), 1.0);
  EXPECT_NE(head.item<double>(), 1.0);
  EXPECT_EQ(adam.state().size(), 3U);  // of the head alone
  set_gradient(body, {1.0F});
  adam.step(1.0);
  EXPECT_EQ(adam.state().at("0.0.step").item<double>(), 1.0);
  EXPECT_EQ(adam.state().at("0.1.step").item<double>(), 2.0);
}

TEST(AdamTest, ZeroGradLeavesNoGradient) {
  auto weight = parameter({1.0F});
  Adam adam({{{weight}, 0.1, 0.0}});
  set_gradient(weight, {1.0F});
  adam.zero_grad();
  EXPECT_FALSE(weight.grad().defined());
}

TEST(AdamTest, ARestoredOptimiserGoesOnBitForBit) {
  const auto run = [](int restart_after) {
    auto weight = parameter({0.3F, -0.7F});
    auto idle = parameter({1.0F});
    auto adam = std::make_unique<Adam>(std::vector<ParameterGroup>{{{weight, idle}, 0.01, 0.1}});
    for (int step = 0; step < 6; ++step) {
      if (step == restart_after) {
        models::NamedTensors saved;
        for (const auto& [name, tensor] : adam->state()) saved[name] = tensor.clone();
        adam = std::make_unique<Adam>(std::vector<ParameterGroup>{{{weight, idle}, 0.01, 0.1}});
        EXPECT_TRUE(adam->restore(saved).ok());
      }
      set_gradient(weight, {1.0F / static_cast<float>(step + 1), -0.1F});
      adam->step(1.0);
    }
    return weight.detach().clone();
  };
  EXPECT_TRUE(run(3).equal(run(-1)));
  EXPECT_TRUE(run(0).equal(run(-1)));
}

TEST(AdamTest, AStateThatDoesNotFitIsRefused) {
  Adam adam({{{parameter({1.0F})}, 0.1, 0.0}});
  EXPECT_FALSE(adam.restore({{"0.7.step", torch::zeros({})}}).ok());
  EXPECT_FALSE(adam.restore({{"0.0.step", torch::zeros({})},
                             {"0.0.exp_avg", torch::zeros({2})},
                             {"0.0.exp_avg_sq", torch::zeros({1})}})
                   .ok());
}

TEST(AdamTest, ASkippedUpdateChangesNothing) {
  auto weight = parameter({1.0F}), calm = parameter({1.0F});
  Adam adam({{{weight}, 0.1, 0.5}}), other({{{calm}, 0.1, 0.5}});
  for (const float skip : {1.0F, 0.0F, 1.0F, 0.0F}) {
    set_gradient(weight, {skip == 1.0F ? NAN : 2.0F});
    adam.step(1.0, torch::tensor(skip));
    if (skip == 1.0F) continue;
    set_gradient(calm, {2.0F});
    other.step(1.0);
  }
  EXPECT_TRUE(weight.equal(calm));
  EXPECT_EQ(adam.state().at("0.0.step").item<double>(), 2.0);
}

}  // namespace
}  // namespace oodml::train
