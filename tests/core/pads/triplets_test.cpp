#include "core/pads/triplets.h"

#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include "core/pads/histogram.h"

namespace oodml::pads {
namespace {

at::Generator generator(std::uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

/// Points on a line: distances are differences.
torch::Tensor on_a_line(const std::vector<double>& places) {
  return torch::tensor(places, torch::kDouble).unsqueeze(1);
}

constexpr DrawOptions kSelfRegularised{};
constexpr DrawOptions kStrict{.anchor_as_positive = false, .same_class_negatives = false, .outer_bins_collect = false};

const HistogramOptions kQuarters{.n_support = 4, .lower = 0.25, .upper = 1.0};  // bins (.25 .5] (.5 .75] (.75 1]

TEST(HistogramMinerTest, WithoutSelfRegularisationNegativesAreOfOtherClassesAndInsideTheLimits) {
  const auto labels = torch::tensor({0, 0, 1, 1, 1}, torch::kLong);
  const auto weights =
      negative_weights(on_a_line({0.0, 0.1, 0.6, 0.9, 2.0}), labels, torch::tensor({0.2, 0.3, 0.5}, torch::kDouble),
                       support_edges(kQuarters), kStrict);
  // 0 is 0.6, 0.9 and 2.0 from the others; 0.6 is 0.6 and 0.5 from those of class 0; 2.0 is too far from both.
  const auto want = torch::tensor({{0.0, 0.0, 0.3, 0.5, 0.0},
                                   {0.0, 0.0, 0.2, 0.5, 0.0},
                                   {0.3, 0.2, 0.0, 0.0, 0.0},
                                   {0.5, 0.5, 0.0, 0.0, 0.0},
                                   {1.0, 1.0, 0.0, 0.0, 0.0}},
                                  torch::kDouble);
  EXPECT_TRUE(weights.allclose(want)) << weights;
}

TEST(HistogramMinerTest, WithItTheWholeBatchWeighsByDistance) {
  const auto labels = torch::tensor({0, 0, 1}, torch::kLong);
  const auto weights =
      negative_weights(on_a_line({0.0, 0.6, 2.0}), labels, torch::tensor({0.2, 0.3, 0.5}, torch::kDouble),
                       support_edges(kQuarters), kSelfRegularised);
  const auto want = torch::tensor({{0.2, 0.3, 0.5}, {0.3, 0.2, 0.5}, {0.5, 0.5, 0.2}}, torch::kDouble);
  EXPECT_TRUE(weights.allclose(want)) << weights;
  const auto positives = positive_candidates(labels, kSelfRegularised);
  EXPECT_TRUE(positives[0][0].item<bool>());
  EXPECT_FALSE(positive_candidates(labels, kStrict)[0][0].item<bool>());
}

TEST(HistogramMinerTest, FlagsOfTheProgramDecideAsItsModeSays) {
  EXPECT_TRUE(draw_options(false, false, false).outer_bins_collect);
  EXPECT_FALSE(draw_options(true, false, false).outer_bins_collect);
  EXPECT_TRUE(draw_options(true, true, false).outer_bins_collect);
  EXPECT_TRUE(draw_options(true, false, true).outer_bins_collect) << "T21: the program never leaves any out";
  for (const bool paper : {false, true}) {
    EXPECT_FALSE(draw_options(true, false, paper).anchor_as_positive);
    EXPECT_TRUE(draw_options(false, false, paper).same_class_negatives);
  }
}

TEST(HistogramMinerTest, DrawsFollowTheHistogramThatStandsThereWhenABatchIsMined) {
  const auto labels = torch::tensor({0, 0, 1, 1}, torch::kLong);
  const auto points = on_a_line({0.0, 0.0, 0.6, 0.9});  // seen from 0: bins 0, 0, 1 and 2
  const auto shared = std::make_shared<torch::Tensor>(torch::tensor({0.0, 0.25, 0.75}, torch::kDouble));
  HistogramMiner miner(support_edges(kQuarters), shared, kSelfRegularised);
  const auto share_of_far = [&] {
    double far = 0;
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
      far += miner.mine(points, labels, generator(seed)).negative[0].item<std::int64_t>() == 3 ? 1 : 0;
    }
    return far / 4000;
  };
  EXPECT_NEAR(share_of_far(), 0.75, 0.03);
  *shared = torch::tensor({0.0, 0.9, 0.1}, torch::kDouble);
  EXPECT_NEAR(share_of_far(), 0.1, 0.03);
}

TEST(HistogramMinerTest, AnAnchorThatIsAloneIsLeftOutUnlessItMayBeItsOwnPositive) {
  const auto labels = torch::tensor({0, 1, 1}, torch::kLong);
  const auto points = on_a_line({0.0, 0.4, 0.8});
  const auto shared = std::make_shared<torch::Tensor>(torch::full({3}, 1.0 / 3, torch::kDouble));
  HistogramMiner strict(support_edges(kQuarters), shared, kStrict);
  EXPECT_TRUE(strict.mine(points, labels, generator(1)).valid.equal(torch::tensor({false, true, true})));
  HistogramMiner usual(support_edges(kQuarters), shared, kSelfRegularised);
  const auto tuples = usual.mine(points, labels, generator(1));
  EXPECT_TRUE(tuples.valid.all().item<bool>());
  EXPECT_EQ(tuples.positive[0].item<std::int64_t>(), 0);
  const auto none = usual.mine(points.slice(0, 0, 0), labels.slice(0, 0, 0), generator(1));
  EXPECT_EQ(none.anchor.size(0), 0);
}

}  // namespace
}  // namespace oodml::pads
