#include "core/pads/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/catalogue/catalogue.h"

namespace oodml::pads {
namespace {

TEST(HistogramTest, UniformLowWeighsDistancesFrom02345To06379Alone) {
  const HistogramOptions options;
  const auto p = SamplingHistogram(initial_histogram(options)).probabilities();
  ASSERT_EQ(p.size(0), 29);
  for (std::int64_t b = 0; b < 29; ++b) {
    EXPECT_NEAR(p[b].item<double>(), b >= 3 && b <= 11 ? 1.0 / 9 : 0.0, 1e-12) << b;
  }
  const auto edges = support_edges(options);
  const auto bins = bins_of(torch::tensor({0.2344, 0.2346, 0.6379, 0.6380}, torch::kDouble), edges);
  EXPECT_TRUE(bins.equal(torch::tensor({2, 3, 11, 12}, torch::kLong)));
}

TEST(HistogramTest, TheOuterBinsHoldWhatLiesOutsideOfTheLimits) {
  const HistogramOptions options{.n_support = 4, .lower = 0.25, .upper = 1.0};  // edges 0.25 0.5 0.75 1
  const auto bins =
      bins_of(torch::tensor({0.0, 0.25, 0.5, 0.51, 0.75, 0.76, 1.0, 1.9}, torch::kDouble), support_edges(options));
  EXPECT_TRUE(bins.equal(torch::tensor({0, 0, 0, 1, 1, 2, 2, 2}, torch::kLong)));
}

TEST(HistogramTest, EveryShapeOfTheCatalogueIsADistribution) {
  const auto* parameter = catalogue::find(catalogue::Kind::kSampler, "pads")->find("init_distr");
  ASSERT_NE(parameter, nullptr);
  auto known = initial_shapes(), offered = parameter->choices;
  std::ranges::sort(known);
  std::ranges::sort(offered);
  EXPECT_EQ(known, offered);
  for (const std::string& shape : known) {
    const auto p = SamplingHistogram(initial_histogram({.init_distr = shape})).probabilities();
    EXPECT_NEAR(p.sum().item<double>(), 1.0, 1e-12) << shape;
    EXPECT_GT(p.min().item<double>(), 0.0) << shape;
  }
  EXPECT_THROW(initial_histogram({.init_distr = "uniform"}), std::invalid_argument);
}

TEST(HistogramTest, AnUpdateMultipliesTheEntriesAndKeepsThemInBounds) {
  SamplingHistogram histogram(torch::tensor({1.0, 2.0, 1e25, 1e-25}, torch::kDouble));
  histogram.multiply(torch::tensor({0.5, 1.0, 1.5, 0.5}, torch::kDouble));
  EXPECT_TRUE(histogram.entries().equal(torch::tensor({0.5, 2.0, 1e25, 1e-25}, torch::kDouble)));
}

}  // namespace
}  // namespace oodml::pads
