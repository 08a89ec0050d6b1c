#include "core/train/training_step.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/core/catalogue/default_choice.h"
#include "tests/core/train/small_network.h"

namespace oodml::train {
namespace {

data::Batch batch_of(const torch::Tensor& images) {
  const auto positions = torch::arange(images.size(0));
  return {.images = images, .second_view = {}, .labels = positions.remainder(2), .positions = positions};
}

/// A network with its step; the same initial values every time.
struct Machine {
  explicit Machine(TrainOptions wanted, const std::string& arch = "small_conv_frozen_normalize")
      : options(std::move(wanted)) {
    parts.network = small_network(arch);
    parts.network->train();
    auto made =
        criteria::make_criterion(testing::criterion_choice("multisimilarity"), {.embed_dim = 4, .n_classes = 2});
    if (!made) throw std::runtime_error(made.error().message());
    parts.criterion = *made;
    step.emplace(parts, options);
  }
  void run(const torch::Tensor& images, std::int64_t number, std::int64_t steps) {
    step->run(batch_of(images), {.epoch = 0, .step = number, .steps = steps, .iteration = number});
  }
  torch::Tensor weights() const {
    std::vector<torch::Tensor> flat;
    for (const auto& parameter : parts.network->parameters()) flat.push_back(parameter.detach().flatten());
    return torch::cat(flat);
  }

  Parts parts;
  TrainOptions options;
  std::optional<TrainingStep> step;
};

TrainOptions sgd() {
  TrainOptions options;
  options.optimizer = {.rule = UpdateRule::kSgd, .momentum = 0.0};
  options.groups = {.lr = 0.1, .fc_lr = -1.0, .weight_decay = 0.0};
  return options;
}

TEST(TrainingStepTest, TwoEqualBatchesAccumulatedAreOneUpdateOfTheBatch) {
  auto accumulated = sgd();
  accumulated.accumulate = 2;
  Machine one(sgd()), two(accumulated);
  const auto before = one.weights(), images = random_images(6);
  one.run(images, 0, 1);
  two.run(images, 0, 2);
  EXPECT_TRUE(two.weights().equal(before));
  two.run(images, 1, 2);
  EXPECT_FALSE(one.weights().equal(before));
  EXPECT_TRUE(two.weights().allclose(one.weights(), 1e-5, 1e-6));
}

TEST(TrainingStepTest, WhatAnEpochHasLeftIsAnUpdateOfItsOwn) {
  auto accumulated = sgd();
  accumulated.accumulate = 4;
  Machine one(sgd()), last(accumulated);
  const auto images = random_images(6);
  one.run(images, 0, 1);
  last.run(images, 4, 5);  // the fifth of five batches stands alone
  EXPECT_TRUE(last.weights().equal(one.weights()));
}

TEST(TrainingStepTest, ABatchOfNaNIsLeftOutAndCounted) {
  auto options = sgd();
  options.skip_not_finite = true;
  options.gradient_statistics = true;
  Machine machine(options);
  const auto before = machine.weights();
  machine.run(torch::full({6, 3, 16, 16}, NAN), 0, 2);
  EXPECT_TRUE(machine.weights().equal(before));
  machine.run(random_images(6), 1, 2);
  EXPECT_FALSE(machine.weights().equal(before));
  const auto figures = machine.step->finish_epoch();
  ASSERT_EQ(figures.size(), 3U);
  EXPECT_EQ(figures[2], (std::pair<std::string, double>("skipped_steps", 1.0)));
  EXPECT_TRUE(std::isfinite(figures[0].second));
}

TEST(TrainingStepTest, GradientStatisticsAreThoseOfTheNetwork) {
  auto options = sgd();
  options.gradient_statistics = true;
  Machine machine(options);
  const auto before = machine.weights();
  machine.run(random_images(6), 0, 1);
  const auto gradient = (before - machine.weights()) / 0.1;  // what plain descent subtracted
  const auto figures = machine.step->finish_epoch();
  ASSERT_EQ(figures.size(), 2U);
  EXPECT_NEAR(figures[0].second, gradient.square().mean().sqrt().item<double>(), 1e-4 * figures[0].second + 1e-6);
  EXPECT_NEAR(figures[1].second, gradient.abs().max().item<double>(), 1e-4 * figures[1].second + 1e-6);
}

class HalfPrecisionStepTest : public ::testing::TestWithParam<Precision> {};

TEST_P(HalfPrecisionStepTest, IsNearThatOfFloat32) {
  auto half = sgd();
  half.precision = GetParam();
  Machine exact(sgd()), machine(half);
  const auto before = exact.weights(), images = random_images(6);
  exact.run(images, 0, 1);
  machine.run(images, 0, 1);
  const auto wanted = exact.weights() - before, got = machine.weights() - before;
  EXPECT_GT(wanted.norm().item<double>(), 0.0);
  EXPECT_LT((got - wanted).norm().item<double>(), 0.1 * wanted.norm().item<double>());
}

INSTANTIATE_TEST_SUITE_P(Halves, HalfPrecisionStepTest, ::testing::Values(Precision::kBfloat16, Precision::kFloat16),
                         [](const auto& info) { return info.param == Precision::kBfloat16 ? "Bfloat16" : "Float16"; });

TEST(TrainingStepTest, AGradientThatOverflowsUnderItsScaleIsLeftOutAndTheScaleHalves) {
  auto half = sgd();
  half.precision = Precision::kFloat16;
  Machine machine(half);
  const auto before = machine.weights(), images = random_images(6);
  auto extras = machine.step->extras();
  extras["scaler.scale"] = torch::tensor(1e38F);
  ASSERT_TRUE(machine.step->restore(machine.step->optimizer_state(), extras).ok());
  machine.run(images, 0, 2);  // its loss is finite all the same
  EXPECT_TRUE(machine.weights().equal(before));
  EXPECT_EQ(machine.step->extras().at("scaler.scale").item<float>(), 0.5e38F);
  EXPECT_EQ(machine.step->finish_epoch().back(), (std::pair<std::string, double>("skipped_steps", 1.0)));
}

// docs/training.md#warm-up: not even decay moves the backbone then.
TEST(TrainingStepTest, InWarmupTheLastLayerMovesAlone) {
  auto options = sgd();
  options.warmup = 1;
  options.groups.weight_decay = 0.1;
  Machine machine(options);
  const auto before = models::state_of(*machine.parts.network);
  std::map<std::string, torch::Tensor> copies;
  for (const auto& [name, value] : before) copies[name] = value.detach().clone();
  const auto moved = [&](const std::string& name) { return !before.at(name).equal(copies.at(name)); };
  machine.run(random_images(6), 0, 1);
  for (const auto& [name, value] : before) EXPECT_EQ(moved(name), name.starts_with("last_linear.")) << name;
  machine.step->run(batch_of(random_images(6)), {.epoch = 1, .step = 0, .steps = 1, .iteration = 1});
  EXPECT_TRUE(moved("conv1.weight"));
}

TEST(TrainingStepTest, RatesFollowTheSchedule) {
  auto options = sgd();
  options.tau = {1};
  options.gamma = 0.0;
  Machine machine(options);
  const auto before = machine.weights();
  machine.step->run(batch_of(random_images(6)), {.epoch = 1, .step = 0, .steps = 1, .iteration = 1});
  EXPECT_TRUE(machine.weights().equal(before));
}

}  // namespace
}  // namespace oodml::train
