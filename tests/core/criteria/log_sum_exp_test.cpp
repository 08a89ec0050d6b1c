#include "core/criteria/log_sum_exp.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/criteria/proxies/oproxy.h"

namespace oodml::criteria {
namespace {

/// log(1 + exp z) for z > 0, where exp(-z) loses nothing.
double by_hand(double z) { return z + std::log1p(std::exp(-z)); }

TEST(Log1pExpTest, IsExactInDoubleAlsoWhereTheFrameworkTakesTheIdentity) {
  for (double z = 15.0; z <= 60.0; z += 0.125) {
    const auto x = torch::tensor(z, torch::kFloat64).requires_grad_();
    const auto value = log1p_exp(x);
    EXPECT_DOUBLE_EQ(value.item<double>(), by_hand(z)) << z;
    value.backward();
    EXPECT_DOUBLE_EQ(x.grad().item<double>(), 1.0 / (1.0 + std::exp(-z))) << z;
  }
  EXPECT_GT(by_hand(20.5) - 20.5, 1e-9) << "what the identity drops there";
  EXPECT_EQ(log1p_exp(torch::tensor(1e6, torch::kFloat64)).item<double>(), 1e6);
  EXPECT_EQ(log1p_exp(torch::tensor(-1e6, torch::kFloat64)).item<double>(), 0.0);
}

TEST(Log1pExpTest, HasTheFrameworksBitsInFloat) {
  const auto z = torch::linspace(-100, 100, 4001);
  EXPECT_TRUE(log1p_exp(z).equal(at::softplus(z)));
}

// One sample and two proxies: pull = alpha (cosine distance to the own one), and nothing to push from the other.
TEST(Log1pExpTest, TheNcaFormOfOproxyHasAllDigits) {
  const auto x = torch::tensor({{1.0, 0.0}}, torch::kFloat64);
  const auto proxies = torch::tensor({{-1.0, 0.0}, {-1.0, 0.0}}, torch::kFloat64);
  OproxyOptions options{
      .nca = true, .pos_alpha = 21.0, .neg_alpha = 30.0, .pos_delta = 0.0, .neg_delta = 0.0, .n_classes = 2};
  const double loss = oproxy_loss(x, torch::tensor({0}), proxies, options).item<double>();
  EXPECT_NEAR(loss, by_hand(21.0) + std::log1p(std::exp(-30.0)), 1e-13);
}

}  // namespace
}  // namespace oodml::criteria
