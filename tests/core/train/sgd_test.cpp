#include "core/train/sgd.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::train {
namespace {

torch::Tensor tracked(std::vector<float> values) { return torch::tensor(values).set_requires_grad(true); }

void give_gradient(torch::Tensor& tensor, std::vector<float> values) { tensor.mutable_grad() = torch::tensor(values); }

TEST(SgdTest, ThreeStepsEqualTheFormulaWithCoupledDecay) {
  auto weight = tracked({1.0F});
  Sgd sgd({{{weight}, 0.1, 0.5}}, 0.9);
  double w = 1.0, v = 0.0;
  for (int step = 1; step <= 3; ++step) {
    give_gradient(weight, {2.0F});
    sgd.step(0.5);
    v = 0.9 * v + 2.0 + 0.5 * w;
    w -= 0.05 * v;
    EXPECT_NEAR(weight.item<double>(), w, 1e-6) << step;
  }
}

TEST(SgdTest, WithoutMomentumAStepIsTheGradientTimesTheRate) {
  auto weight = tracked({1.0F});
  Sgd sgd({{{weight}, 0.5, 0.0}}, 0.0);
  for (const float expected : {0.0F, -1.0F}) {
    give_gradient(weight, {2.0F});
    sgd.step(1.0);
    EXPECT_EQ(weight.item<float>(), expected);
  }
}

TEST(SgdTest, AParameterWithoutGradientNeitherMovesNorDecays) {
  auto body = tracked({1.0F}), head = tracked({1.0F});
  Sgd sgd({{{body, head}, 0.1, 0.5}}, 0.9);
  give_gradient(head, {1.0F});
  sgd.step(1.0);
  EXPECT_EQ(body.item<double>(), 1.0);
  EXPECT_NE(head.item<double>(), 1.0);
  EXPECT_EQ(sgd.state().size(), 1U);
}

TEST(SgdTest, ASkippedUpdateChangesNothing) {
  auto weight = tracked({1.0F}), calm = tracked({1.0F});
  Sgd sgd({{{weight}, 0.1, 0.5}}, 0.9), other({{{calm}, 0.1, 0.5}}, 0.9);
  for (const float skip : {1.0F, 0.0F, 1.0F, 0.0F}) {
    give_gradient(weight, {skip == 1.0F ? INFINITY : 2.0F});
    sgd.step(1.0, torch::tensor(skip));
    if (skip == 1.0F) continue;
    give_gradient(calm, {2.0F});
    other.step(1.0);
  }
  EXPECT_TRUE(weight.equal(calm));
}

TEST(SgdTest, ARestoredOptimiserGoesOnBitForBit) {
  const auto run = [](int restart_after) {
    auto weight = tracked({0.3F, -0.7F});
    auto sgd = std::make_unique<Sgd>(std::vector<ParameterGroup>{{{weight}, 0.01, 0.1}}, 0.9);
    for (int step = 0; step < 6; ++step) {
      if (step == restart_after) {
        models::NamedTensors saved;
        for (const auto& [name, tensor] : sgd->state()) saved[name] = tensor.clone();
        sgd = std::make_unique<Sgd>(std::vector<ParameterGroup>{{{weight}, 0.01, 0.1}}, 0.9);
        EXPECT_TRUE(sgd->restore(saved).ok());
      }
      give_gradient(weight, {1.0F / static_cast<float>(step + 1), -0.1F});
      sgd->step(1.0);
    }
    return weight.detach().clone();
  };
  EXPECT_TRUE(run(3).equal(run(-1)));
}

TEST(SgdTest, AStateThatDoesNotFitIsRefused) {
  Sgd sgd({{{tracked({1.0F})}, 0.1, 0.0}}, 0.9);
  EXPECT_FALSE(sgd.restore({{"0.0.exp_avg", torch::zeros({1})}}).ok());
  EXPECT_FALSE(sgd.restore({{"0.0.momentum", torch::zeros({2})}}).ok());
}

}  // namespace
}  // namespace oodml::train
