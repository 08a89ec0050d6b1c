#include "core/models/dropout.h"

#include "tests/core/models/models_support.h"

namespace oodml::models {
namespace {

Dropout dropout(double rate, std::uint64_t seed = 3) {
  return Dropout(rate, at::make_generator<at::CPUGeneratorImpl>(seed));
}

TEST(DropoutTest, DropsTheRateAndScalesTheRest) {
  auto layer = dropout(0.2);
  const auto output = layer.forward(torch::ones({400, 1000}));
  const auto kept = output.ne(0);
  EXPECT_TRUE(output.masked_select(kept).allclose(torch::full({1}, 1.25F)));
  const auto share = kept.to(torch::kFloat64);
  EXPECT_NEAR(share.mean().item<double>(), 0.8, 5 * 0.4 / std::sqrt(400'000.0));
  // Chi-squared of the rows' and of the columns' counts around 0.8: near their degrees of freedom.
  for (const std::int64_t axis : {0, 1}) {
    const double n = static_cast<double>(share.size(axis)), cells = static_cast<double>(share.size(1 - axis));
    const double chi = ((share.sum(axis) - 0.8 * n).square() / (n * 0.8 * 0.2)).sum().item<double>();
    EXPECT_NEAR(chi, cells, 5 * std::sqrt(2 * cells)) << axis;
  }
}

TEST(DropoutTest, NeighboursAndStepsAreIndependent) {
  auto layer = dropout(0.5);
  const auto first = layer.forward(torch::ones({100'000})).ne(0).to(torch::kFloat64) - 0.5;
  const auto second = layer.forward(torch::ones({100'000})).ne(0).to(torch::kFloat64) - 0.5;
  const double bound = 5 * 0.25 / std::sqrt(100'000.0);
  EXPECT_NEAR((first * second).mean().item<double>(), 0.0, bound);
  EXPECT_NEAR((first.slice(0, 1) * first.slice(0, 0, 99'999)).mean().item<double>(), 0.0, bound);
  const auto other = dropout(0.5, 4).forward(torch::ones({100'000})).ne(0).to(torch::kFloat64) - 0.5;
  EXPECT_NEAR((first * other).mean().item<double>(), 0.0, bound);
}

TEST(DropoutTest, PartsOfABatchGetTheirPartsOfItsMask) {
  auto whole = dropout(0.5), first = dropout(0.5), second = dropout(0.5);
  first.share_batches(0);
  second.share_batches(1);
  const auto part = torch::ones({4, 50});
  for (int step = 0; step < 2; ++step) {
    const auto parts = torch::cat({first.forward(part), second.forward(part)});
    EXPECT_TRUE(torch::equal(whole.forward(torch::ones({8, 50})), parts));
  }
}

TEST(DropoutTest, ItsBuffersSayWhichEntriesComeNext) {
  auto layer = dropout(0.2), copy = dropout(0.2, 9);
  (void)layer.forward(torch::ones({8, 8}));
  ASSERT_TRUE(copy_into(state_of(copy), state_of(layer), "copy").ok());
  EXPECT_TRUE(layer.forward(torch::ones({8, 8})).equal(copy.forward(torch::ones({8, 8}))));
}

TEST(DropoutTest, InEvaluationNothingIsDroppedOrCounted) {
  auto layer = dropout(0.2);
  layer.eval();
  EXPECT_TRUE(layer.forward(torch::ones({50})).equal(torch::ones({50})));
  EXPECT_EQ(state_of(layer).at("step").item<std::int64_t>(), 0);
}

TEST(DropoutTest, EmptyInputs) { EXPECT_EQ(dropout(0.2).forward(torch::ones({0, 4})).numel(), 0); }

}  // namespace
}  // namespace oodml::models
