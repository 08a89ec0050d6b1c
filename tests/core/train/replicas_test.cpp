#include "core/train/replicas.h"

#include <gtest/gtest.h>

#include <functional>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "core/models/share_batches.h"
#include "core/train/training_step.h"
#include "tests/core/catalogue/default_choice.h"
#include "tests/core/collective/in_ranks.h"
#include "tests/core/train/small_network.h"

namespace oodml::train {
namespace {

constexpr std::int64_t kBatch = 12, kClasses = 4, kDim = 4;

template <typename Made>
auto valid(Made made) {
  if (!made) throw std::runtime_error(made.error().message());
  return *std::move(made);
}

/// What is trained, and how.
struct Method {
  std::string arch = "small_conv_normalize";
  std::string criterion = "multisimilarity", miner = "none";
  bool uniformity_prior = false;
  std::function<void(TrainOptions&)> change = [](TrainOptions&) {};
  torch::ScalarType type = torch::kFloat64;
  double lr = 1e-3;
};

void PrintTo(const Method& method, std::ostream* out) {
  *out << method.arch << " " << method.criterion << " " << method.miner;
}

TrainOptions options_of(const Method& method, std::shared_ptr<collective::Collective> group) {
  TrainOptions options;
  options.groups = {.lr = method.lr, .fc_lr = -1.0, .weight_decay = 4e-4};
  const auto& entry = *catalogue::find(catalogue::Kind::kCriterion, method.criterion);
  options.reads_features = catalogue::reads(entry, "features");
  options.rotate_images = catalogue::reads(entry, "rotation");
  options.replicas = std::move(group);
  method.change(options);
  return options;
}

/// A network with its step; the same initial values every time.
class Replica {
 public:
  Replica(const Method& method, std::shared_ptr<collective::Collective> group)
      : options_(options_of(method, group)), type_(method.type) {
    const auto generator = [](std::uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); };
    parts_.network = small_network(method.arch);
    parts_.network->to(type_);
    parts_.network->train();
    if (!group->alone()) models::share_batches(*parts_.network, group);
    const criteria::CriterionContext context = {.embed_dim = kDim,
                                                .feature_dim = parts_.network->feature_dim(),
                                                .n_classes = kClasses,
                                                .lr = method.lr,
                                                .arch = method.arch,
                                                .miner = {.name = method.miner, .params = {}},
                                                .generator = generator(5)};
    auto choice = testing::criterion_choice(method.criterion);
    if (method.criterion == "s2sd") choice.params.set("target_dims", std::vector<std::int64_t>{8, 16});
    parts_.criterion = valid(criteria::make_criterion(choice, context));
    parts_.criterion->to(type_);
    if (method.miner != "none") {
      parts_.miner = valid(miners::make_miner(testing::miner_choice(method.miner), false));
    }
    if (method.uniformity_prior) {
      parts_.uniformity_prior = valid(criteria::make_uniformity_prior({.chunk_size = 32, .latent = 8, .weight = 0.5},
                                                                      parts_.network->feature_dim(), generator(6)));
      parts_.uniformity_prior->to(type_);
    }
    step_.emplace(parts_, options_);
  }

  StepOutcome run(std::int64_t number, std::int64_t steps) {
    auto images = torch::empty({kBatch, 3, 16, 16});
    images.normal_(0, 1, at::make_generator<at::CPUGeneratorImpl>(100 + static_cast<std::uint64_t>(number)));
    const auto positions = torch::arange(kBatch);
    const auto labels = positions.floor_divide(kBatch / kClasses);
    // Images of a class have something in common, so that there is a loss to make smaller.
    images = (images + labels.view({-1, 1, 1, 1})).to(type_);
    const std::int64_t share = kBatch / options_.replicas->size(), begin = share * options_.replicas->rank();
    const auto own = [&](const torch::Tensor& rows) { return rows.narrow(0, begin, share).contiguous(); };
    return step_->run({own(images), {}, own(labels), own(positions)},
                      {.epoch = 0, .step = number, .steps = steps, .iteration = number});
  }

  TrainingStep& step() { return *step_; }
  /// Every parameter and running figure of network and criterion.
  models::NamedTensors state() const {
    models::NamedTensors state;
    models::add_below(state, "network", models::state_of(*parts_.network));
    models::add_below(state, "criterion", models::state_of(*parts_.criterion));
    return state;
  }

 private:
  Parts parts_;
  TrainOptions options_;
  torch::ScalarType type_;
  std::optional<TrainingStep> step_;
};

double largest_difference(const models::NamedTensors& a, const models::NamedTensors& b) {
  double largest = 0;
  for (const auto& [name, tensor] : a) {
    const auto difference = (tensor.to(torch::kFloat64) - b.at(name).to(torch::kFloat64)).abs();
    if (difference.numel() > 0) largest = std::max(largest, difference.max().item<double>());
  }
  return largest;
}

/// Trains `replicas` of them for 20 steps beside one that is alone. In double precision nothing but the order of sums
/// may differ, even where Adam and hinges make much of a small difference; in single precision, at the rates of the
/// studies, parameters agree to 1e-5.
void expect_equal_to_one(const Method& method, std::int64_t replicas) {
  const double tolerance = method.type == torch::kFloat64 ? 1e-8 : 1e-5;
  constexpr std::int64_t kSteps = 20;
  Replica alone(method, std::make_shared<collective::Alone>());
  std::vector<double> losses;
  for (std::int64_t i = 0; i < kSteps; ++i) losses.push_back(alone.run(i, kSteps).loss.item<double>());

  collective::in_ranks(replicas, [&](const std::shared_ptr<collective::Collective>& group) {
    Replica replica(method, group);
    for (std::int64_t i = 0; i < kSteps; ++i) {
      const StepOutcome outcome = replica.run(i, kSteps);
      EXPECT_NEAR(outcome.loss.item<double>(), losses[static_cast<std::size_t>(i)], 10 * tolerance) << "step " << i;
      EXPECT_TRUE(torch::equal(outcome.positions, torch::arange(kBatch)));
    }
    EXPECT_LE(largest_difference(alone.state(), replica.state()), tolerance) << "rank " << group->rank();
  });
}

class ReplicasTest : public ::testing::TestWithParam<Method> {};

TEST_P(ReplicasTest, TwoAreOneAfterTwentySteps) { expect_equal_to_one(GetParam(), 2); }
TEST_P(ReplicasTest, ThreeAreOneAfterTwentySteps) { expect_equal_to_one(GetParam(), 3); }

std::vector<Method> methods() {
  const auto sgd = [](TrainOptions& options) {
    options.optimizer = {.rule = UpdateRule::kSgd, .momentum = 0.9};
    options.groups.lr = 0.01;
  };
  std::vector<Method> methods = {
      {.arch = "small_conv_frozen_normalize", .criterion = "margin", .miner = "distance"},
      {.arch = "small_conv_normalize", .criterion = "margin", .miner = "distance"},
      {.arch = "small_conv_frozen_normalize", .criterion = "multisimilarity"},
      {.arch = "small_conv_normalize", .criterion = "multisimilarity"},
      {.arch = "small_conv_frozen_normalize", .criterion = "oproxy"},
      {.arch = "small_conv_normalize", .criterion = "oproxy"},
      {.arch = "small_conv_normalize", .criterion = "softtriplet"},
      {.arch = "small_conv_normalize", .criterion = "imrot"},
      {.arch = "small_conv_normalize", .criterion = "s2sd"},
      {.arch = "multifeature_small_conv_normalize", .criterion = "adversarial_separation"},
      {.arch = "small_conv_normalize", .criterion = "multisimilarity", .uniformity_prior = true},
      {.arch = "small_conv_normalize", .criterion = "oproxy", .change = sgd},
      {.arch = "small_conv_normalize",
       .criterion = "oproxy",
       .change =
           [=](TrainOptions& options) {
             sgd(options);
             options.accumulate = 3;  // 20 steps: the last group is of two
           }},
      {.arch = "small_conv_normalize",
       .criterion = "margin",
       .miner = "distance",
       .change = [](TrainOptions& options) { options.warmup = 1; }},
      {.arch = "small_conv_normalize",
       .criterion = "oproxy",
       .change = [](TrainOptions& options) { options.skip_not_finite = options.gradient_statistics = true; }},
  };
  for (std::size_t i = 0; i < 6; ++i) {
    methods.push_back(methods[i]);
    methods.back().type = torch::kFloat32;
    methods.back().lr = 1e-5;
  }
  return methods;
}

INSTANTIATE_TEST_SUITE_P(Methods, ReplicasTest, ::testing::ValuesIn(methods()),
                         [](const auto& info) { return info.param.criterion + "_" + std::to_string(info.index); });

TEST(ReplicasTest, AllHoldTheSameBits) {
  std::mutex mutex;
  std::vector<models::NamedTensors> states;
  collective::in_ranks(2, [&](const std::shared_ptr<collective::Collective>& group) {
    Replica replica({.criterion = "oproxy"}, group);
    for (std::int64_t i = 0; i < 5; ++i) replica.run(i, 5);
    auto state = replica.state();
    models::add_below(state, "optimizer", replica.step().optimizer_state());
    const std::lock_guard lock(mutex);
    states.push_back(std::move(state));
  });
  EXPECT_EQ(largest_difference(states.at(0), states.at(1)), 0.0);
}

TEST(ReplicasTest, AStopInsideOfAGroupOfBatchesLosesNothing) {
  const Method method = {.criterion = "oproxy", .change = [](TrainOptions& options) { options.accumulate = 3; }};
  collective::in_ranks(2, [&](const std::shared_ptr<collective::Collective>& group) {
    Replica through(method, group);
    for (std::int64_t i = 0; i < 6; ++i) through.run(i, 6);

    Replica stopped(method, group);
    for (std::int64_t i = 0; i < 5; ++i) stopped.run(i, 6);
    // What the first one saves is what all go on from.
    auto optimizer = stopped.step().optimizer_state(), extras = stopped.step().extras();
    for (auto* tensors : {&optimizer, &extras}) {
      for (auto& [name, tensor] : *tensors) group->broadcast(tensor, 0);
    }
    Replica resumed(method, group);
    ASSERT_TRUE(models::copy_into(resumed.state(), stopped.state(), "copy").ok());
    ASSERT_TRUE(resumed.step().restore(optimizer, extras).ok());
    resumed.run(5, 6);
    EXPECT_EQ(largest_difference(through.state(), resumed.state()), 0.0);
  });
}

TEST(ReplicasTest, WhatTwoSavedOneGoesOnFrom) {
  const Method method = {.criterion = "oproxy"};
  Replica alone(method, std::make_shared<collective::Alone>());
  for (std::int64_t i = 0; i < 20; ++i) alone.run(i, 20);
  collective::in_ranks(2, [&](const std::shared_ptr<collective::Collective>& group) {
    Replica shared(method, group);
    for (std::int64_t i = 0; i < 10; ++i) shared.run(i, 20);
    if (group->rank() != 0) return;
    Replica resumed(method, std::make_shared<collective::Alone>());
    ASSERT_TRUE(models::copy_into(resumed.state(), shared.state(), "copy").ok());
    ASSERT_TRUE(resumed.step().restore(shared.step().optimizer_state(), shared.step().extras()).ok());
    for (std::int64_t i = 10; i < 20; ++i) resumed.run(i, 20);
    EXPECT_LE(largest_difference(alone.state(), resumed.state()), 1e-8);
  });
}

TEST(ReplicasTest, ThoseThatStandElsewhereInTheRunAreRefused) {
  collective::in_ranks(2, [](const std::shared_ptr<collective::Collective>& group) {
    RunState state;
    state.epoch = group->rank();
    EXPECT_EQ(start_together(*group, state, {}, torch::kCPU).code(), StatusCode::kFailedPrecondition);
  });
}

TEST(ReplicasTest, TheFirstOnesTensorsAreTakenAtTheStart) {
  collective::in_ranks(2, [](const std::shared_ptr<collective::Collective>& group) {
    const auto value = torch::full({2, 3}, static_cast<double>(group->rank() + 1)).t();
    ASSERT_TRUE(start_together(*group, {}, {{"value", value}}, torch::kCPU).ok());
    EXPECT_TRUE(torch::equal(value, torch::ones({3, 2})));
  });
}

TEST(ReplicasTest, EachLoadsItsPartInTheOrderOfTheBatch) {
  collective::in_ranks(2, [](const std::shared_ptr<collective::Collective>& group) {
    const samplers::Batches batches = {{1, 2, 3, 4}, {5, 6, 7, 8}};
    const samplers::Batches first = {{1, 2}, {5, 6}}, second = {{3, 4}, {7, 8}};
    EXPECT_EQ(own_part(batches, *group), group->rank() == 0 ? first : second);
    EXPECT_EQ(for_own_part({}, 4, *group).first_place, group->rank() == 0 ? 0U : 2U);
  });
}

}  // namespace
}  // namespace oodml::train
