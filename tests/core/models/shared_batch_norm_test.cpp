#include "core/models/shared_batch_norm.h"

#include <cmath>

#include "tests/core/collective/in_ranks.h"
#include "tests/core/models/models_support.h"

namespace oodml::models {
namespace {

struct Norm {
  torch::Tensor weight = torch::tensor({0.5F, 2.0F, -1.0F}).requires_grad_();
  torch::Tensor bias = torch::tensor({0.1F, 0.0F, 3.0F}).requires_grad_();
  torch::Tensor running_mean = torch::zeros({3}), running_var = torch::ones({3});
};

torch::Tensor images() {
  const auto images = torch::linspace(-2, 3, 6 * 3 * 4 * 5).sin().view({6, 3, 4, 5});
  return images * 2 + torch::tensor({5.0F, -1.0F, 0.0F}).view({1, 3, 1, 1});
}

/// Nothing in it is a sum over images.
torch::Tensor loss_of(const torch::Tensor& part) { return (part.sigmoid() * images().narrow(0, 0, 1)).square().sum(); }

TEST(SharedBatchNormTest, PartsAreNormalisedAsTheWholeBatch) {
  Norm alone;
  auto whole = images().requires_grad_();
  const auto expected =
      at::batch_norm(whole, alone.weight, alone.bias, alone.running_mean, alone.running_var, true, 0.1, 1e-5, false);
  loss_of(expected).backward();

  for (const std::int64_t ranks : {2, 3}) {
    collective::in_ranks(ranks, [&](const std::shared_ptr<collective::Collective>& group) {
      const std::int64_t share = 6 / ranks, begin = share * group->rank();
      Norm norm;
      auto own = images().narrow(0, begin, share).clone().requires_grad_();
      const auto output =
          shared_batch_norm(own, {norm.weight, norm.bias, norm.running_mean, norm.running_var}, 0.1, 1e-5, group);
      EXPECT_TRUE(output.allclose(expected.narrow(0, begin, share), 1e-5, 1e-5));
      EXPECT_TRUE(norm.running_mean.allclose(alone.running_mean, 1e-6, 1e-6));
      EXPECT_TRUE(norm.running_var.allclose(alone.running_var, 1e-6, 1e-6));

      loss_of(output).backward();
      EXPECT_TRUE(own.grad().allclose(whole.grad().narrow(0, begin, share), 1e-4, 1e-6));
      auto of_parameters = torch::stack({norm.weight.grad(), norm.bias.grad()});
      group->add_up(of_parameters);
      EXPECT_TRUE(of_parameters.allclose(torch::stack({alone.weight.grad(), alone.bias.grad()}), 1e-4, 1e-5));
    });
  }
}

TEST(SharedBatchNormTest, HalfPrecisionIsNormalisedInFullPrecision) {
  collective::in_ranks(2, [](const std::shared_ptr<collective::Collective>& group) {
    Norm norm;
    auto own = images().narrow(0, 3 * group->rank(), 3).to(torch::kBFloat16).requires_grad_();
    const auto output =
        shared_batch_norm(own, {norm.weight, norm.bias, norm.running_mean, norm.running_var}, 0.1, 1e-5, group);
    EXPECT_EQ(output.scalar_type(), torch::kBFloat16);
    output.sum().backward();
    EXPECT_EQ(own.grad().scalar_type(), torch::kBFloat16);
    EXPECT_TRUE(norm.bias.grad().allclose(torch::full({3}, 60.0F)));  // 3 images of 4 x 5
  });
}

}  // namespace
}  // namespace oodml::models
