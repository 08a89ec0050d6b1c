#include "core/train/precision.h"

#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>

#include "tests/core/train/small_network.h"

namespace oodml::train {
namespace {

TEST(AutocastTest, MatrixProductsAreInItsPrecisionWhileItLives) {
  const auto a = torch::ones({2, 3}), b = torch::ones({3, 2});
  {
    const Autocast autocast(torch::kCPU, Precision::kBfloat16);
    EXPECT_EQ(a.mm(b).scalar_type(), torch::kBFloat16);
  }
  EXPECT_EQ(a.mm(b).scalar_type(), torch::kFloat32);
  const Autocast none(torch::kCPU, Precision::kFloat32);
  EXPECT_EQ(a.mm(b).scalar_type(), torch::kFloat32);
}

class PrecisionTest : public ::testing::TestWithParam<Precision> {};

TEST_P(PrecisionTest, AForwardPassIsNearThatOfFloat32AndItsRowsHaveUnitLength) {
  auto network = small_network("small_conv_normalize");
  network->eval();
  const auto images = random_images(6);
  const auto exact = forward(*network, images, false, Precision::kFloat32);
  const auto half = forward(*network, images, false, GetParam());
  EXPECT_EQ(half.embeddings.scalar_type(), torch::kFloat32);
  EXPECT_EQ(half.features.scalar_type(), torch::kFloat32);
  EXPECT_FALSE(half.embeddings.equal(exact.embeddings));
  EXPECT_TRUE(half.embeddings.allclose(exact.embeddings, 0, 0.05));
  EXPECT_TRUE(half.embeddings.norm(2, {1}).allclose(torch::ones({6}), 0, 1e-6));
}

TEST_P(PrecisionTest, GradientsAreFloat32) {
  auto network = small_network("small_conv_normalize");
  forward(*network, random_images(4), false, GetParam()).embeddings.square().sum().backward();
  for (const auto& parameter : network->parameters()) {
    ASSERT_TRUE(parameter.grad().defined());
    EXPECT_EQ(parameter.grad().scalar_type(), torch::kFloat32);
  }
}

INSTANTIATE_TEST_SUITE_P(Halves, PrecisionTest, ::testing::Values(Precision::kBfloat16, Precision::kFloat16),
                         [](const auto& info) { return info.param == Precision::kBfloat16 ? "Bfloat16" : "Float16"; });

}  // namespace
}  // namespace oodml::train
