#include "core/train/momentum_keys.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/train/small_network.h"

namespace oodml::train {
namespace {

TEST(MovingAverageTest, EachParameterFollowsItsOwn) {
  const auto average = torch::tensor({1.0F, 2.0F}), other = torch::tensor({10.0F});
  moving_average({average, other}, {torch::tensor({3.0F, -2.0F}), torch::tensor({0.0F})}, 0.75);
  EXPECT_TRUE(average.allclose(torch::tensor({1.5F, 1.0F})));
  EXPECT_TRUE(other.allclose(torch::tensor({7.5F})));
}

TEST(QueueTest, TheOldestMakePlaceAtTheFront) {
  const auto queue = torch::tensor({1.0F, 2.0F, 3.0F}).unsqueeze(1);
  const auto next = pushed(queue, torch::tensor({4.0F, 5.0F}).unsqueeze(1));
  EXPECT_TRUE(next.flatten().equal(torch::tensor({3.0F, 4.0F, 5.0F})));
  const auto all_new = pushed(queue, torch::tensor({6.0F, 7.0F, 8.0F, 9.0F}).unsqueeze(1));
  EXPECT_TRUE(all_new.flatten().equal(torch::tensor({7.0F, 8.0F, 9.0F})));
}

TEST(MomentumKeysTest, KeysHaveNoGraphAndComeFromTheHeadAskedFor) {
  auto network = small_network("multifeature_small_conv_normalize"),
       copy = small_network("multifeature_small_conv_normalize");
  network->eval();
  MomentumKeys keys(network, copy, {.momentum = 0.9, .queue_batches = 1, .embed_dim = 4, .head = "selfsimilarity"});
  const auto images = random_images(3);
  const auto embedded = keys.embed(images);
  EXPECT_FALSE(embedded.requires_grad());
  EXPECT_TRUE(embedded.equal(network->forward(images, false).heads.at("selfsimilarity").detach()));
}

TEST(MomentumKeysTest, ParametersFollowAndStatisticsStay) {
  auto network = small_network("small_conv"), copy = small_network("small_conv");
  MomentumKeys keys(network, copy, {.momentum = 0.75, .queue_batches = 1, .embed_dim = 4, .head = ""});
  ASSERT_TRUE(keys.restore(
                      [&] {
                        auto state = keys.state();
                        state["queue"] = torch::zeros({2, 4});
                        return state;
                      }(),
                      torch::kCPU)
                  .ok());
  const auto before = models::state_of(*copy).at("conv1.weight").clone();
  {
    const torch::NoGradGuard no_grad;
    models::state_of(*network).at("conv1.weight").add_(1.0);
    models::state_of(*network).at("bn1.running_mean").add_(1.0);
  }
  keys.follow();
  keys.push(torch::ones({1, 4}));
  EXPECT_TRUE(models::state_of(*copy).at("conv1.weight").allclose(before + 0.25));
  EXPECT_TRUE(models::state_of(*copy).at("bn1.running_mean").equal(torch::zeros({32})));
  EXPECT_TRUE(keys.queue().equal(torch::tensor({0.0F, 1.0F}).unsqueeze(1).expand({2, 4})));
  keys.push(torch::tensor({{2.0F, NAN, INFINITY, -INFINITY}}));
  EXPECT_TRUE(keys.queue()[1].equal(torch::tensor({2.0F, 0.0F, 0.0F, 0.0F})));
}

}  // namespace
}  // namespace oodml::train
