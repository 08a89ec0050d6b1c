#include "core/models/frozen_norm.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <functional>
#include <limits>

#include "core/products/registers.h"
#include "tests/core/models/models_support.h"

namespace oodml::models {
namespace {

struct Case {
  std::vector<std::int64_t> shape;  ///< [B, C, H, W]
  bool channels_last = false;
};

const std::vector<Case> kCases = {
    {{5, 3, 9, 7}}, {{33, 4, 8, 10}}, {{2, 70, 1, 1}}, {{3, 37, 6, 5}, true}, {{20, 2, 1, 2}}};

torch::Tensor drawn(at::IntArrayRef shape, std::uint64_t seed) {
  return torch::randn(shape, at::detail::createCPUGenerator(seed));
}

FrozenNorm norm_of(std::int64_t channels) {
  return {drawn({channels}, 1).requires_grad_(), drawn({channels}, 2).requires_grad_(), drawn({channels}, 3) * 4,
          drawn({channels}, 4).abs() + 0.1, 1e-5};
}

torch::Tensor leaf(const Case& of, std::uint64_t seed) {
  auto values = drawn(of.shape, seed);
  if (of.channels_last) values = values.contiguous(at::MemoryFormat::ChannelsLast);
  return values.requires_grad_();
}

torch::Tensor in_double(const torch::Tensor& values) {
  return values.detach().to(torch::kDouble).requires_grad_(values.requires_grad());
}

/// The formula, in double precision.
torch::Tensor by_formula(const FrozenNorm& norm, const torch::Tensor& images) {
  const auto wide = [](const torch::Tensor& values) { return values.view({1, -1, 1, 1}); };
  return (images - wide(norm.running_mean)) * (norm.weight / (norm.running_var + norm.eps).sqrt()).view({1, -1, 1, 1}) +
         wide(norm.bias);
}

void expect_near(const torch::Tensor& found, const torch::Tensor& expected) {
  ASSERT_TRUE(found.defined());
  const double size = expected.abs().max().item<double>() + 1e-30;
  EXPECT_LT((found - expected).abs().max().item<double>(), 1e-5 * size);
}

using Form =
    std::function<torch::Tensor(const FrozenNorm&, const torch::Tensor& images, const torch::Tensor& shortcut)>;

/// Value and all gradients of a form, against those of another one in double precision.
void expect_as(const Case& of, bool has_shortcut, const Form& form, const Form& judge) {
  const FrozenNorm norm = norm_of(of.shape[1]);
  const FrozenNorm exact{in_double(norm.weight), in_double(norm.bias), in_double(norm.running_mean),
                         in_double(norm.running_var), norm.eps};
  const auto images = leaf(of, 5), shortcut = has_shortcut ? leaf(of, 6) : torch::Tensor();
  const auto images2 = in_double(images), shortcut2 = has_shortcut ? in_double(shortcut) : torch::Tensor();
  const auto found = form(norm, images, shortcut), expected = judge(exact, images2, shortcut2);
  expect_near(found, expected);
  const auto weights = drawn(found.sizes(), 7);
  (found * weights).sum().backward();
  (expected * weights).sum().backward();
  expect_near(images.grad(), images2.grad());
  expect_near(norm.weight.grad(), exact.weight.grad());
  expect_near(norm.bias.grad(), exact.bias.grad());
  if (has_shortcut) expect_near(shortcut.grad(), shortcut2.grad());
}

TEST(FrozenNormTest, IsTheFormulaWithAllGradients) {
  for (const Case& of : kCases) {
    for (const Then then : {Then::kNothing, Then::kRectify}) {
      for (const bool has_shortcut : {false, true}) {
        expect_as(
            of, has_shortcut, [&](const auto& norm, const auto& x, const auto& s) { return normed(norm, x, s, then); },
            [&](const auto& norm, const auto& x, const auto& s) {
              const auto sum = s.defined() ? by_formula(norm, x) + s : by_formula(norm, x);
              return then == Then::kRectify ? sum.relu() : sum;
            });
      }
    }
  }
}

TEST(FrozenNormTest, PoolingIsThatOfTheRectifiedNorm) {
  for (const Case& of : kCases) {
    expect_as(
        of, false, [](const auto& norm, const auto& x, const auto&) { return normed_and_pooled(norm, x); },
        [](const auto& norm, const auto& x, const auto&) {
          return at::max_pool2d(by_formula(norm, x).relu(), 3, 2, 1);
        });
  }
}

TEST(FrozenNormTest, ValuesAreThoseOfTheOperatorsToTheBit) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizers see a form without fused multiplications (core/products/wide.h)";
#endif
  if (products::widest_registers() == products::Registers::kPlain) GTEST_SKIP() << "without fused multiplications";
  for (const Case& of : kCases) {
    const FrozenNorm norm = norm_of(of.shape[1]);
    const auto x = leaf(of, 5), shortcut = leaf(of, 6);
    const auto expected =
        at::batch_norm(x, norm.weight, norm.bias, norm.running_mean, norm.running_var, false, 0.1, norm.eps, false);
    EXPECT_TRUE(normed(norm, x, {}, Then::kNothing).equal(expected));
    EXPECT_TRUE(normed(norm, x, shortcut, Then::kRectify).equal((expected + shortcut).relu()));
    EXPECT_TRUE(normed_and_pooled(norm, x).equal(at::max_pool2d(expected.relu(), 3, 2, 1)));
  }
}

TEST(FrozenNormTest, TheLayoutOfImagesStays) {
  const Case of{{3, 5, 4, 6}, true};
  const auto x = leaf(of, 5);
  EXPECT_TRUE(normed(norm_of(5), x, {}, Then::kRectify).is_contiguous(at::MemoryFormat::ChannelsLast));
  const auto plain = x.detach().contiguous();
  expect_near(normed(norm_of(5), x, plain, Then::kRectify),
              normed(norm_of(5), plain, plain, Then::kRectify).to(torch::kDouble));
}

TEST(FrozenNormTest, WhatIsNotANumberIsNotHidden) {
  for (const Case& of : {Case{{2, 3, 5, 5}}, Case{{2, 3, 5, 5}, true}}) {
    auto x = leaf(of, 5).detach();
    x[1][2][3][3] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(normed(norm_of(3), x, {}, Then::kRectify).isnan().sum().item<int>(), 1);
    EXPECT_EQ(normed_and_pooled(norm_of(3), x).isnan().sum().item<int>(), 4);  // of the windows that see it
  }
}

TEST(FrozenNormTest, OtherTypesAreDoneByOperators) {
  const FrozenNorm norm = norm_of(3);
  const FrozenNorm exact{in_double(norm.weight), in_double(norm.bias), in_double(norm.running_mean),
                         in_double(norm.running_var), norm.eps};
  const auto x = drawn({2, 3, 5, 5}, 5).to(torch::kDouble);
  EXPECT_TRUE(normed(exact, x, x, Then::kRectify).allclose((by_formula(exact, x) + x).relu(), 1e-12, 1e-12));
  const auto half = x.to(torch::kBFloat16);
  EXPECT_EQ(normed(norm, half, {}, Then::kRectify).scalar_type(), torch::kBFloat16);
}

TEST(FrozenNormTest, ThreadsDoNotMoveABit) {
  std::vector<torch::Tensor> of_weight;
  for (const int threads : {1, 3}) {
    at::set_num_threads(threads);
    const FrozenNorm norm = norm_of(4);
    normed(norm, leaf(kCases[1], 5), {}, Then::kRectify).square().sum().backward();
    of_weight.push_back(norm.weight.grad());
  }
  at::set_num_threads(1);
  EXPECT_TRUE(of_weight[0].equal(of_weight[1]));
}

}  // namespace
}  // namespace oodml::models
