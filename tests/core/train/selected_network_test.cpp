#include "core/train/selected_network.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/core/train/small_network.h"

namespace oodml::train {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using History = std::vector<job::Metric>;

void add(History& history, std::int64_t epoch, double recall, double map, const std::string& embeds = "embeds") {
  history.push_back({epoch, "val", embeds, "e_recall@1", recall});
  history.push_back({epoch, "val", embeds, "mAP_1000", map});
  history.push_back({epoch, "test", embeds, "e_recall@1", 1.0 - recall});  // of another set
}

TEST(SelectedEpochTest, IsTheFirstWithTheLargestSum) {
  History history;
  add(history, 1, 0.50, 0.25);
  add(history, 2, 0.25, 0.75);
  add(history, 3, 0.75, 0.25);  // as good, not better
  add(history, 4, 0.80, 0.10);
  EXPECT_EQ(selected_epoch(history, {}, true), 2);
  EXPECT_EQ(selected_epoch(history, {.recall_only = true}, true), 4);
}

TEST(SelectedEpochTest, NeedsMoreThanZeroANumberAndTraining) {
  History history;
  add(history, 0, 0.9, 0.9);
  EXPECT_EQ(selected_epoch(history, {}, true), std::nullopt) << "the untrained network of a trial that trains";
  EXPECT_EQ(selected_epoch(history, {}, false), 0);
  add(history, 1, 0.0, 0.0);
  add(history, 2, kNaN, 0.5);
  EXPECT_EQ(selected_epoch(history, {}, true), std::nullopt);
  add(history, 3, 0.1, 0.0);
  EXPECT_EQ(selected_epoch(history, {}, true), 3);
}

TEST(SelectedEpochTest, CountsTheEmbeddingsAskedFor) {
  History history;
  add(history, 1, 0.9, 0.9, "Combined_a");
  add(history, 1, 0.1, 0.1, "Combined_b");
  add(history, 2, 0.1, 0.1, "Combined_a");
  add(history, 2, 0.9, 0.9, "Combined_b");
  EXPECT_EQ(selected_epoch(history, {.embeds = "Combined_b"}, true), 2);
}

TEST(SelectedNetworkTest, IsAValueThatFurtherTrainingLeavesAlone) {
  const auto network = small_network("small_conv_normalize");
  SelectedNetwork selected({}, true);
  History history;
  add(history, 1, 0.6, 0.6);
  selected.look(history, 1, *network);
  const auto weight = network->named_parameters()["last_linear.weight"];
  const auto before = weight.detach().clone();
  {
    const torch::NoGradGuard no_grad;
    weight.add_(1.0);
  }
  add(history, 2, 0.5, 0.5);
  selected.look(history, 2, *network);
  EXPECT_TRUE(torch::equal(selected.state().at("last_linear.weight"), before));
  add(history, 3, 0.7, 0.6);
  selected.look(history, 3, *network);
  EXPECT_TRUE(torch::equal(selected.state().at("last_linear.weight"), weight));
}

}  // namespace
}  // namespace oodml::train
