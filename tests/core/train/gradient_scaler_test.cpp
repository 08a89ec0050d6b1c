#include "core/train/gradient_scaler.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::train {
namespace {

TEST(GradientScalerTest, WhatIsScaledComesBack) {
  GradientScaler scaler(torch::kCPU, true);
  auto weight = torch::tensor({0.5F}).set_requires_grad(true);
  scaler.scaled((weight * 3).sum()).backward();
  EXPECT_EQ(weight.grad().item<double>(), 3.0 * 65536);
  EXPECT_EQ(scaler.unscale({weight.grad()}).item<double>(), 0.0);
  EXPECT_EQ(weight.grad().item<double>(), 3.0);
}

TEST(GradientScalerTest, OneInfinityAmongTheGradientsIsFoundAndHalvesTheScale) {
  GradientScaler scaler(torch::kCPU, true);
  for (const float bad : {INFINITY, -INFINITY, NAN}) {
    EXPECT_EQ(scaler.unscale({torch::ones({3}), torch::tensor({1.0F, bad})}).item<double>(), 1.0);
  }
  EXPECT_EQ(scaler.state().at("scale").item<double>(), 65536.0 / 8);
}

TEST(GradientScalerTest, TwoThousandCleanStepsDoubleTheScale) {
  GradientScaler scaler(torch::kCPU, true);
  for (int step = 0; step < 1999; ++step) (void)scaler.unscale({torch::ones({1})});
  EXPECT_EQ(scaler.state().at("scale").item<double>(), 65536.0);
  (void)scaler.unscale({torch::ones({1})});
  EXPECT_EQ(scaler.state().at("scale").item<double>(), 131072.0);
}

TEST(GradientScalerTest, WithoutScalesItOnlyLooks) {
  GradientScaler scaler(torch::kCPU, false);
  const auto gradient = torch::tensor({1e-30F});
  EXPECT_EQ(scaler.unscale({gradient}).item<double>(), 0.0);
  EXPECT_EQ(gradient.item<float>(), 1e-30F);
  EXPECT_EQ(scaler.unscale({torch::tensor({NAN})}).item<double>(), 1.0);
  EXPECT_EQ(scaler.state().at("scale").item<double>(), 1.0);
  EXPECT_EQ(scaler.unscale({}).item<double>(), 0.0);
}

TEST(GradientScalerTest, ItsStateComesBack) {
  GradientScaler scaler(torch::kCPU, true), other(torch::kCPU, true);
  (void)scaler.unscale({torch::tensor({NAN})});
  (void)scaler.unscale({torch::ones({1})});
  ASSERT_TRUE(other.restore(scaler.state()).ok());
  EXPECT_EQ(other.state().at("scale").item<double>(), 32768.0);
  EXPECT_EQ(other.state().at("clean_steps").item<int>(), 1);
  EXPECT_FALSE(other.restore({}).ok());
}

}  // namespace
}  // namespace oodml::train
