#include "core/data/quarter_turns.h"

#include <gtest/gtest.h>

namespace oodml::data {
namespace {

TEST(QuarterTurnsTest, EachImageIsTurnedByItsOwnClassCounterClockwise) {
  const auto image = torch::arange(12.0).view({1, 3, 2, 2});  // first channel 0 1 / 2 3
  const auto turns = quarter_turns(torch::tensor({8, 5, 2, 3}, torch::kInt64));
  EXPECT_TRUE(turns.equal(torch::tensor({0, 1, 2, 3}, torch::kInt64)));
  const auto result = rotated(image.repeat({4, 1, 1, 1}), turns);
  const auto channel = [&](std::int64_t i) { return result[i][0].flatten(); };
  EXPECT_TRUE(channel(0).equal(torch::tensor({0.0F, 1.0F, 2.0F, 3.0F})));
  EXPECT_TRUE(channel(1).equal(torch::tensor({1.0F, 3.0F, 0.0F, 2.0F})));  // the right column became the top row
  EXPECT_TRUE(channel(2).equal(torch::tensor({3.0F, 2.0F, 1.0F, 0.0F})));
  EXPECT_TRUE(channel(3).equal(torch::tensor({2.0F, 0.0F, 3.0F, 1.0F})));
  EXPECT_TRUE(result[1][2].sub(result[1][0]).equal(torch::full({2, 2}, 8.0F)));  // every channel alike
}

TEST(QuarterTurnsTest, ImagesThatAreNotSquareAreRefused) {
  EXPECT_THROW(rotated(torch::zeros({1, 3, 2, 4}), torch::zeros({1}, torch::kInt64)), std::invalid_argument);
}

}  // namespace
}  // namespace oodml::data
