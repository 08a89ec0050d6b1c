#include "core/pads/learner.h"

#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <cmath>

namespace oodml::pads {
namespace {

constexpr double kLn3 = 1.0986122886681098;

/// A policy of zeros: all actions alike, the state's value its bias.
std::shared_ptr<PolicyNetwork> indifferent(bool a2c, double value = 0.0) {
  const PolicyNetworkOptions options{.inputs = 2, .size = {4}, .bins = 3, .value_head = a2c};
  auto network = std::make_shared<PolicyNetwork>(options, at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{1}));
  const torch::NoGradGuard no_grad;
  for (auto& parameter : network->named_parameters()) parameter.value().zero_();
  if (a2c) network->named_parameters()["value.bias"].fill_(value);
  return network;
}

Learner learner_of(LearnerOptions options, const std::shared_ptr<PolicyNetwork>& policy) {
  return Learner(options, policy, indifferent(options.a2c));
}

Experience rewarded(double reward, double score = 0.7) {
  return {.state = torch::tensor({1.f, 2.f}),
          .actions = torch::tensor({0, 1, 2}, torch::kLong),
          .next = torch::tensor({2.f, 1.f}),
          .reward = reward,
          .score = score};
}

// V = 0.5 everywhere, r = 1: R = 1 + 0.99 * 0.5 = 1.495, A = 0.995.
TEST(LearnerTest, TheValueHeadLearnsTheTargetAndInPaperModeTheRawScore) {
  Learner corrected = learner_of({.ppo = true, .a2c = true}, indifferent(true, 0.5));
  const Learned learned = corrected.learn(rewarded(1.0));
  EXPECT_NEAR(learned.policy_loss, -0.995, 1e-6);
  EXPECT_NEAR(learned.value_loss, 0.995 * 0.995 / 2, 1e-6);
  Learner paper = learner_of({.ppo = true, .a2c = true, .value_of_score = true}, indifferent(true, 0.5));
  const Learned as_published = paper.learn(rewarded(1.0));
  EXPECT_NEAR(as_published.policy_loss, -0.995, 1e-6);
  EXPECT_NEAR(as_published.value_loss, 0.2 * 0.2 / 2, 1e-6);
}

TEST(LearnerTest, ReinforceWeighsTheLogarithmsByTheAdvantage) {
  Learner learner = learner_of({.ppo = false, .a2c = true}, indifferent(true, 0.5));
  EXPECT_NEAR(learner.learn(rewarded(1.0)).policy_loss, 0.995 * kLn3, 1e-6);
}

TEST(LearnerTest, WithoutA2cTheBaselineIsTheMeanOfEarlierRewards) {
  auto policy = indifferent(false);
  Learner learner = learner_of({.ppo = false, .a2c = false, .lr = 0.0}, policy);  // it stays indifferent
  EXPECT_NEAR(learner.learn(rewarded(1.0)).policy_loss, kLn3, 1e-6);              // no baseline yet
  EXPECT_NEAR(learner.learn(rewarded(-1.0)).policy_loss, -2 * kLn3, 1e-6);        // baseline 1
  EXPECT_NEAR(learner.learn(rewarded(0.0)).policy_loss, -0.9 * kLn3, 1e-6);       // 0.95 * 1 - 0.05 * 1
}

TEST(LearnerTest, PpoCountsRatiosWithinItsBandAlone) {
  const auto policy = indifferent(false);
  Learner learner = learner_of({.ppo = true, .a2c = false, .lr = 0.0}, policy);
  {
    const torch::NoGradGuard no_grad;  // action 0 of bin 0 twice as likely as before: 1/2 instead of 1/3, rho 1.5
    policy->named_parameters()["action.bias"][0].fill_(std::log(2.0));
  }
  const double others = 2.0;  // bins 1 and 2 have rho 1
  EXPECT_NEAR(learner.learn(rewarded(1.0)).policy_loss, -(1.2 + others) / 3, 1e-6);
  // The baseline is 1 now, A = -2: the larger ratio costs more, and is not clipped.
  EXPECT_NEAR(learner.learn(rewarded(-1.0)).policy_loss, 2 * (1.5 + others) / 3, 1e-6);
}

TEST(LearnerTest, TheOldPolicyIsRenewedEveryThirdUpdateFromTheSecondOn) {
  const auto policy = indifferent(false);
  Learner learner = learner_of({.a2c = false, .old_update_iter = 3}, policy);
  const auto old_bias = [&] { return learner.tensors().at("old.action.bias").clone(); };
  learner.learn(rewarded(1.0));
  const auto start = torch::zeros({9});
  for (const std::int64_t update : {0, 1, 2}) {
    learner.acted(update);
    EXPECT_TRUE(old_bias().equal(start)) << update;
  }
  learner.acted(3);
  EXPECT_TRUE(old_bias().equal(policy->named_parameters()["action.bias"]));
  EXPECT_FALSE(old_bias().equal(start));
}

TEST(DrawActionsTest, NanCountsAsZeroAndWithoutAnyProbabilityDrawsAreUniform) {
  const double nan = std::nan("");
  const auto p = torch::tensor({{nan, 0.0, 1.0}, {1.0, nan, 0.0}, {0.0, 0.0, 0.0}}, torch::kDouble);  // [actions, bins]
  torch::Tensor counts = torch::zeros({3}, torch::kLong);
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const auto actions = draw_actions(p, at::make_generator<at::CPUGeneratorImpl>(seed));
    ASSERT_EQ(actions[0].item<std::int64_t>(), 1);
    ASSERT_EQ(actions[2].item<std::int64_t>(), 0);
    counts[actions[1].item<std::int64_t>()] += 1;
  }
  for (int action = 0; action < 3; ++action) EXPECT_NEAR(counts[action].item<double>(), 200, 60);
}

}  // namespace
}  // namespace oodml::pads
