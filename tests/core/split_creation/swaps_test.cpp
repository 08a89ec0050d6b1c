#include "core/split_creation/swaps.h"

#include <gtest/gtest.h>

namespace oodml::split_creation {
namespace {

using Classes = std::vector<std::int64_t>;

/// Classes near a line; 0 to 3 train, 4 to 7 test. Of the training classes 2, 1, 3, 0 are foreign in this order, of the
/// test classes 6, 7, 4, 5.
torch::Tensor points() {
  return at::tensor({0.F, 0.F, 5.F, 0.F, 9.F, 0.F, 1.F, 2.F, 12.F, 0.F, 10.F, 0.F, 2.F, 0.F, 6.F, 0.F}).view({8, 2});
}

class SwapsTest : public ::testing::Test {
 protected:
  SwapsTest() : geometry_(points(), FidForm::kCheap) { stand(); }
  void stand() { geometry_.move_to(sides_.train.features, sides_.test.features); }

  SplitGeometry geometry_;
  Sides sides_{.train = {{0, 1, 2, 3}, {0, 1, 2, 3}}, .test = {{4, 5, 6, 7}, {4, 5, 6, 7}}};
};

TEST_F(SwapsTest, AwayExchangesTheMostForeignPairsFirst) {
  Swaps swaps({.iterations = 1, .swaps = 2, .history = 3}, Direction::kAway);
  const auto chosen = swaps.exchange(sides_, geometry_);
  EXPECT_EQ(chosen.train, (Classes{2, 1}));
  EXPECT_EQ(chosen.test, (Classes{2, 3}));
  EXPECT_EQ(sides_.train.features, (Classes{0, 7, 6, 3}));
  EXPECT_EQ(sides_.test.features, (Classes{4, 5, 2, 1}));
  EXPECT_EQ(sides_.train.names, sides_.train.features);
}

TEST_F(SwapsTest, TogetherExchangesThoseThatFitTheirSetBest) {
  Swaps swaps({.iterations = 1, .swaps = 1, .history = 3}, Direction::kTogether);
  const auto chosen = swaps.exchange(sides_, geometry_);
  EXPECT_EQ(chosen.train, (Classes{0}));
  EXPECT_EQ(chosen.test, (Classes{1}));
}

TEST_F(SwapsTest, APositionStaysBlockedAlthoughAnotherClassStandsThere) {
  Swaps swaps({.iterations = 2, .swaps = 1, .history = 1}, Direction::kAway);
  EXPECT_EQ(swaps.exchange(sides_, geometry_).train, (Classes{2}));
  stand();
  EXPECT_NE(swaps.exchange(sides_, geometry_).train, (Classes{2}));
  sides_ = {.train = {{0, 1, 2, 3}, {0, 1, 2, 3}}, .test = {{4, 5, 6, 7}, {4, 5, 6, 7}}};
  stand();
  EXPECT_EQ(swaps.exchange(sides_, geometry_).train, (Classes{2}));  // the history is one position long
}

TEST_F(SwapsTest, AWalkThatEndsEarlyRepeatsThePairBefore) {
  Swaps swaps({.iterations = 1, .swaps = 4, .history = 3}, Direction::kAway);
  sides_.test.features.resize(2);
  sides_.test.names.resize(2);
  stand();
  const auto chosen = swaps.exchange(sides_, geometry_);  // ranks 2 and 3 have no test position to walk to
  EXPECT_EQ(chosen.train[2], chosen.train[1]);
  EXPECT_EQ(chosen.test[3], chosen.test[1]);
}

}  // namespace
}  // namespace oodml::split_creation
