#include "core/train/optimizer.h"

#include <gtest/gtest.h>

namespace oodml::train {
namespace {

torch::Tensor parameter(float value) { return torch::full({2}, value).set_requires_grad(true); }

TEST(RateFactorTest, AMilestoneFirstShowsInTheEpochOfItsNumber) {
  EXPECT_EQ(rate_factor({100}, 0.3, 99), 1.0);
  EXPECT_EQ(rate_factor({100}, 0.3, 100), 0.3);
  EXPECT_EQ(rate_factor({1, 3, 3}, 0.5, 3), 0.125);
  EXPECT_EQ(rate_factor({}, 0.5, 1000), 1.0);
}

TEST(OptimizerTest, GradientsComeBackFromTheirState) {
  auto with = parameter(1.0F), without = parameter(2.0F);
  const auto optimizer = make_optimizer({{{with, without}, 0.1, 0.0}}, {});
  with.mutable_grad() = torch::full({2}, 3.0F);
  const auto saved = models::NamedTensors{{"0.0", with.grad().clone()}};
  EXPECT_EQ(optimizer->gradient_state().size(), 1U);
  EXPECT_TRUE(optimizer->gradient_state().at("0.0").equal(saved.at("0.0")));
  optimizer->zero_grad();
  without.mutable_grad() = torch::ones({2});
  ASSERT_TRUE(optimizer->restore_gradients(saved).ok());
  EXPECT_TRUE(with.grad().equal(saved.at("0.0")));
  EXPECT_FALSE(without.grad().defined());
  EXPECT_EQ(optimizer->gradients().size(), 1U);
}

TEST(OptimizerTest, GradientsThatDoNotFitAreRefused) {
  const auto optimizer = make_optimizer({{{parameter(1.0F)}, 0.1, 0.0}}, {});
  EXPECT_FALSE(optimizer->restore_gradients({{"0.7", torch::zeros({2})}}).ok());
  EXPECT_FALSE(optimizer->restore_gradients({{"0.0", torch::zeros({3})}}).ok());
}

}  // namespace
}  // namespace oodml::train
