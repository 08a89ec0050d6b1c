#include "core/train/adversary.h"

#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <cmath>

namespace oodml::train {
namespace {

std::shared_ptr<criteria::UniformityPrior> make_prior() {
  return *criteria::make_uniformity_prior({.chunk_size = 4, .latent = 5, .weight = 0.5}, 8,
                                          at::make_generator<at::CPUGeneratorImpl>(3));
}

std::vector<torch::Tensor> values_of(const criteria::UniformityPrior& prior) {
  std::vector<torch::Tensor> values;
  for (const auto& parameter : prior.parameters()) values.push_back(parameter.detach().clone());
  return values;
}

bool equal(const std::vector<torch::Tensor>& a, const std::vector<torch::Tensor>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) { return x.equal(y); });
}

class AdversaryTest : public ::testing::Test {
 protected:
  std::shared_ptr<criteria::UniformityPrior> prior_ = make_prior();
  torch::Tensor features_ = torch::rand({6, 8}, at::make_generator<at::CPUGeneratorImpl>(4)).requires_grad_();
};

TEST_F(AdversaryTest, TheDiscriminatorMovesAtTheFirstIterationAndThenEveryFew) {
  Adversary adversary(prior_, {.every = 3, .lr = 0.01, .gamma = 0.1, .tau = {}}, torch::kCPU);
  for (std::int64_t iteration = 0; iteration < 7; ++iteration) {
    const auto before = values_of(*prior_);
    const auto term = adversary.term(features_, 0, iteration, 9);
    EXPECT_EQ(!equal(before, values_of(*prior_)), iteration % 3 == 0) << iteration;
    EXPECT_TRUE(term.equal(prior_->generator_term(features_))) << "of the discriminator as it is now";
    const auto trained = values_of(*prior_);
    term.backward();
    EXPECT_TRUE(equal(trained, values_of(*prior_)));
  }
  EXPECT_GT(features_.grad().abs().sum().item<double>(), 0.0);
}

TEST_F(AdversaryTest, ItsOwnScheduleScalesItsFirstMove) {
  const auto moved_in = [&](std::int64_t epoch) {
    const auto prior = make_prior();
    const auto before = values_of(*prior);
    Adversary(prior, {.every = 1, .lr = 0.01, .gamma = 0.1, .tau = {2}}, torch::kCPU).term(features_, epoch, 0, 9);
    return (values_of(*prior).back() - before.back()).abs().item<double>();
  };
  EXPECT_NEAR(moved_in(0), 0.01, 1e-5);  // a first step of Adam moves by its rate
  EXPECT_NEAR(moved_in(1), 0.01, 1e-5);
  EXPECT_NEAR(moved_in(2), 0.001, 1e-6);
}

TEST_F(AdversaryTest, FeaturesThatAreNotFiniteLeaveTheDiscriminatorAsItWas) {
  Adversary adversary(prior_, {.every = 1, .lr = 0.01, .gamma = 0.1, .tau = {}}, torch::kCPU);
  const auto before = values_of(*prior_);
  adversary.term(torch::full({6, 8}, NAN), 0, 0, 9);
  EXPECT_TRUE(equal(before, values_of(*prior_)));
  adversary.term(features_, 0, 1, 9);
  EXPECT_FALSE(equal(before, values_of(*prior_)));
  for (const auto& value : values_of(*prior_)) EXPECT_TRUE(value.isfinite().all().item<bool>());
}

TEST_F(AdversaryTest, ARestoredOneGoesOnBitForBit) {
  const AdversaryOptions options{.every = 1, .lr = 0.01, .gamma = 0.1, .tau = {}};
  const auto run = [&](bool restart) {
    const auto prior = make_prior();
    auto adversary = std::make_unique<Adversary>(prior, options, torch::kCPU);
    for (std::int64_t iteration = 0; iteration < 4; ++iteration) {
      if (restart && iteration == 2) {
        models::NamedTensors saved;
        for (const auto& [name, tensor] : adversary->state()) saved[name] = tensor.detach().clone();
        adversary = std::make_unique<Adversary>(prior, options, torch::kCPU);
        EXPECT_TRUE(adversary->restore(saved).ok());
      }
      adversary->term(features_, 0, iteration, static_cast<std::uint64_t>(iteration));
    }
    return values_of(*prior);
  };
  EXPECT_TRUE(equal(run(true), run(false)));
}

}  // namespace
}  // namespace oodml::train
