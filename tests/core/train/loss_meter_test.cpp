#include "core/train/loss_meter.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::train {
namespace {

const torch::Tensor kEmbeddings = torch::ones({2, 3});

TEST(LossMeterTest, GoesOnWithTheSumItStartsFrom) {
  LossMeter losses(torch::kCPU, {.sum = 1.5, .steps = 2, .finite = 2});
  losses.add(torch::tensor(0.25F), kEmbeddings);
  losses.add(torch::tensor(0.5F), kEmbeddings);
  EXPECT_EQ(losses.sum(), 2.25);
  EXPECT_EQ(losses.steps(), 4);
  EXPECT_EQ(losses.finite(), 4);
  EXPECT_EQ(losses.newest(), 0.5);
  EXPECT_FALSE(losses.first_not_finite().has_value());
}

TEST(LossMeterTest, RemembersTheFirstStepThatIsNotFinite) {
  LossMeter losses(torch::kCPU, {.steps = 10, .finite = 10});
  losses.add(torch::tensor(0.5F), kEmbeddings);
  losses.add(torch::tensor(INFINITY), kEmbeddings);
  losses.add(torch::tensor(0.5F), kEmbeddings);
  losses.add(torch::tensor(NAN), kEmbeddings);
  EXPECT_EQ(losses.first_not_finite(), 12);
  EXPECT_EQ(losses.sum(), 1.0);  // of the finite ones
  EXPECT_EQ(losses.finite(), 12);
}

TEST(LossMeterTest, EmbeddingsThatAreNotFiniteCountThoughTheLossIsZero) {
  LossMeter losses(torch::kCPU, {});
  losses.add(torch::tensor(0.0F), kEmbeddings);
  losses.add(torch::tensor(0.0F), torch::full({2, 3}, NAN));
  EXPECT_EQ(losses.first_not_finite(), 2);
}

}  // namespace
}  // namespace oodml::train
