#include "core/criteria/uniformity_prior.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "tests/core/criteria/check_vectors.h"
#include "tests/core/criteria/differences.h"

namespace oodml {
namespace {

using criteria::make_uniformity_prior;
using criteria::UniformityPrior;
using testing::seeded;

std::shared_ptr<UniformityPrior> prior_of(std::int64_t chunk, std::int64_t features, double weight = 0.1) {
  return make_uniformity_prior({.chunk_size = chunk, .latent = 5, .weight = weight}, features, seeded(3)).value();
}

torch::Tensor random_features(std::int64_t rows, std::int64_t columns) {
  return at::randn({rows, columns}, seeded(4), at::TensorOptions(at::kFloat));
}

TEST(UniformityPriorTest, ADiscriminatorThatKnowsNothingCostsLogTwo) {
  const auto prior = prior_of(4, 12);
  {
    const at::NoGradGuard no_grad;
    for (auto& parameter : prior->parameters()) parameter.zero_();  // G = sigmoid(0) = 1/2 everywhere
  }
  const auto features = random_features(3, 12).requires_grad_();
  const auto uniform = prior->draw_uniform(features, seeded(1));
  EXPECT_NEAR(prior->generator_term(features).item<double>(), 0.1 * std::log(2.0), 1e-7);
  EXPECT_NEAR(prior->discriminator_loss(features, uniform).item<double>(), 2 * std::log(2.0), 1e-6);
}

TEST(UniformityPriorTest, TheGeneratorTermMovesFeaturesOnlyAndTheOtherLossTheDiscriminatorOnly) {
  const auto prior = prior_of(4, 12);
  const auto features = random_features(3, 12).requires_grad_();
  prior->generator_term(features).backward();
  EXPECT_GT(features.grad().abs().sum().item<double>(), 0.0);
  for (const auto& parameter : prior->parameters()) EXPECT_FALSE(parameter.grad().defined());
  features.mutable_grad().reset();
  prior->discriminator_loss(features, prior->draw_uniform(features, seeded(1))).backward();
  EXPECT_FALSE(features.grad().defined());
  for (const auto& parameter : prior->parameters()) EXPECT_TRUE(parameter.grad().defined());
}

TEST(UniformityPriorTest, GradientsAgreeWithDifferences) {
  const auto prior = prior_of(3, 6);
  prior->to(at::kDouble);
  const auto features = random_features(4, 6).to(at::kDouble).requires_grad_();
  const auto uniform = prior->draw_uniform(features, seeded(1));
  prior->generator_term(features).backward();
  testing::expect_gradient(features, [&] { return prior->generator_term(features); });
  prior->discriminator_loss(features, uniform).backward();
  for (const auto& parameter : prior->parameters()) {
    testing::expect_gradient(parameter, [&] { return prior->discriminator_loss(features, uniform); });
  }
}

TEST(UniformityPriorTest, ChunksOfAnImageAreItsFeaturesInOrderAndRowsMayStandInAnyOrder) {
  const auto whole = prior_of(4, 12), one = prior_of(4, 4);  // the same discriminator
  const auto features = random_features(3, 12);
  const double term = whole->generator_term(features).item<double>();
  EXPECT_NEAR(term, one->generator_term(features.reshape({9, 4})).item<double>(), 1e-7);
  EXPECT_NEAR(term, whole->generator_term(features.flip({0})).item<double>(), 1e-7);
}

TEST(UniformityPriorTest, NoiseIsUniformBetweenMinusOneAndOne) {
  const auto noise = prior_of(4, 2000)->draw_uniform(random_features(10, 2000), seeded(1));
  EXPECT_EQ(noise.sizes(), (std::vector<std::int64_t>{5000, 4}));
  EXPECT_LE(noise.abs().max().item<double>(), 1.0);
  EXPECT_NEAR(noise.mean().item<double>(), 0.0, 5 / std::sqrt(3.0 * 20000));
  EXPECT_NEAR(noise.square().mean().item<double>(), 1.0 / 3, 5 * std::sqrt(4.0 / 45 / 20000));
}

TEST(UniformityPriorTest, SaturatedAndEmptyInputsStayFinite) {
  const auto prior = prior_of(4, 8);
  for (const auto& features : {random_features(3, 8) * 1e6, at::zeros({2, 8}), at::empty({0, 8})}) {
    const auto leaf = features.clone().requires_grad_();
    const auto term = prior->generator_term(leaf);
    term.backward();
    EXPECT_TRUE(term.isfinite().item<bool>() && leaf.grad().isfinite().all().item<bool>());
    const auto loss = prior->discriminator_loss(leaf, prior->draw_uniform(leaf, seeded(1)));
    loss.backward();
    EXPECT_TRUE(loss.isfinite().item<bool>());
    for (const auto& parameter : prior->parameters()) EXPECT_TRUE(parameter.grad().isfinite().all().item<bool>());
  }
}

TEST(UniformityPriorTest, ChunksMustDivideTheFeatures) {
  const auto refused = make_uniformity_prior({.chunk_size = 128}, 1000, seeded(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kInvalidArgument);
  EXPECT_NE(refused.error().message().find("1000 features"), std::string::npos);
  EXPECT_FALSE(make_uniformity_prior({.chunk_size = 0}, 128, seeded(1)));
  EXPECT_FALSE(make_uniformity_prior({.latent = 0}, 128, seeded(1)));
  EXPECT_FALSE(make_uniformity_prior({}, 0, seeded(1)));
  EXPECT_THROW(prior_of(4, 8)->generator_term(at::zeros({2, 6})), std::invalid_argument);
}

}  // namespace
}  // namespace oodml
