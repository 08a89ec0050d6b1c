#include "core/train/loss_meter.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::train {
namespace {

TEST(LossMeterTest, GoesOnWithTheSumItStartsFrom) {
  LossMeter losses(torch::kCPU, 1.5, 2);
  losses.add(torch::tensor(0.25F));
  losses.add(torch::tensor(0.5F));
  EXPECT_EQ(losses.sum(), 2.25);
  EXPECT_EQ(losses.steps(), 4);
  EXPECT_EQ(losses.newest(), 0.5);
  EXPECT_FALSE(losses.first_not_finite().has_value());
}

TEST(LossMeterTest, RemembersTheFirstStepThatIsNotFinite) {
  LossMeter losses(torch::kCPU, 0.0, 10);
  losses.add(torch::tensor(0.5F));
  losses.add(torch::tensor(INFINITY));
  losses.add(torch::tensor(0.5F));
  losses.add(torch::tensor(NAN));
  EXPECT_EQ(losses.first_not_finite(), 12);
}

}  // namespace
}  // namespace oodml::train
