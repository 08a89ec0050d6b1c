#include "core/pads/measures.h"

#include <gtest/gtest.h>

namespace oodml::pads {
namespace {

using Names = std::vector<std::string>;

TEST(MeasuresTest, TheStateComesFirstInItsOrderAndTheRewardAddsWhatIsMissing) {
  const MeasureOptions usual;
  EXPECT_EQ(metric_names(usual),
            (Names{"e_recall@1", "e_recall@2", "e_recall@4", "e_recall@8", "nmi", "dists@intra", "dists@inter"}));
  EXPECT_EQ(metric_count(usual), 7);
  const MeasureOptions other{.state_metrics = {"svd"}, .k_vals = {10, 1}, .reward_type = 2};
  EXPECT_EQ(metric_names(other), (Names{"rho_spectrum@-1", "e_recall@10", "nmi"}));
  EXPECT_TRUE(state_metrics(other, {0.1, 0.2, 0.6}).equal(torch::tensor({0.1}, torch::kDouble)));
}

TEST(MeasuresTest, ARewardIsOfNmiOfRecallOrOfBoth) {
  const std::vector<double> values = {0.1, 0.2, 0.6};
  MeasureOptions options{.state_metrics = {"svd"}, .k_vals = {10}, .reward_type = 2};
  EXPECT_DOUBLE_EQ(score(options, values), 0.4);
  options.reward_type = 1;
  EXPECT_DOUBLE_EQ(score(options, values), 0.2);
  options.reward_type = 0;
  EXPECT_DOUBLE_EQ(score(options, {0.1, 0.6}), 0.6);
}

TEST(MeasuresTest, OlderScoresOfAnUpdateCountLess) {
  EXPECT_DOUBLE_EQ(supported_score({0.5}), 0.5);
  EXPECT_DOUBLE_EQ(supported_score({1.0, 2.0, 4.0}), 0.49 * 1 + 0.7 * 2 + 4);
}

}  // namespace
}  // namespace oodml::pads
