#include "core/models/layers.h"

#include "tests/core/models/models_support.h"

namespace oodml::models {
namespace {

TEST(LayersTest, BatchNormUsesTheBatchInTrainingAndRunningFiguresInEvaluation) {
  BatchNorm norm(1, false);
  const auto input = torch::tensor({1.0F, 3.0F}).view({2, 1, 1, 1});  // mean 2, variance 1, unbiased 2
  EXPECT_TRUE(norm.forward(input).allclose(torch::tensor({-1.0F, 1.0F}).view({2, 1, 1, 1}), 1e-4));
  EXPECT_NEAR(norm.named_buffers()["running_mean"].item<double>(), 0.2, 1e-6);  // 0.9 * 0 + 0.1 * 2
  EXPECT_NEAR(norm.named_buffers()["running_var"].item<double>(), 1.1, 1e-6);   // 0.9 * 1 + 0.1 * 2
  norm.eval();
  EXPECT_NEAR(norm.forward(input)[0].item<double>(), 0.8 / std::sqrt(1.1 + 1e-5), 1e-5);
}

TEST(LayersTest, TrainDoesNotThawAFrozenBatchNorm) {
  BatchNorm norm(4, true);
  norm.train();
  EXPECT_FALSE(norm.is_training());
}

TEST(LayersTest, LinearIsWxPlusB) {
  Linear linear(2, 1, at::make_generator<at::CPUGeneratorImpl>(3));
  const torch::NoGradGuard no_grad;
  linear.named_parameters()["weight"].copy_(torch::tensor({{2.0F, -1.0F}}));
  linear.named_parameters()["bias"].fill_(0.5);
  EXPECT_NEAR(linear.forward(torch::tensor({{3.0F, 4.0F}})).item<double>(), 2.5, 1e-6);
}

}  // namespace
}  // namespace oodml::models
