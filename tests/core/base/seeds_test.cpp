#include "core/base/seeds.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace oodml {
namespace {

// From an implementation of xoshiro256** and SplitMix64 in another language (arbitrary-precision integers); the first
// value of seed 0 also stands in the test suites of other libraries.
TEST(RandomTest, GivesThePublishedStream) {
  Random zero(0);
  EXPECT_EQ(zero.next(), 0x99ec5f36cb75f2b4ULL);
  EXPECT_EQ(zero.next(), 0xbf6e1f784956452aULL);
  EXPECT_EQ(zero.next(), 0x1a5f849d4933e6e0ULL);
  Random other(42);
  EXPECT_EQ(other.next(), 0x15780b2e0c2ec716ULL);
  EXPECT_EQ(other.next(), 0x6104d9866d113a7eULL);
}

TEST(SeedsTest, StreamsAreFixedForGood) {  // a change here changes every result of every trial
  EXPECT_EQ(Seeds(7).derive("sampler"), 0x7c5933d0fe7fe1abULL);
  EXPECT_EQ(Seeds(7).derive("augmentation", {3, 41}), 0xc599b120f6118738ULL);
}

TEST(SeedsTest, NamesCoordinatesAndSeedsGiveStreamsOfTheirOwn) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (const char* name : {"sampler", "miner", "init"}) {
      seen.insert(Seeds(seed).derive(name));
      for (std::uint64_t epoch = 0; epoch < 10; ++epoch) seen.insert(Seeds(seed).derive(name, {epoch}));
      seen.insert(Seeds(seed).derive(name, {1, 2}));
      seen.insert(Seeds(seed).derive(name, {2, 1}));
    }
  }
  EXPECT_EQ(seen.size(), 10u * 3u * 13u);
}

TEST(RandomTest, UniformLiesInTheHalfOpenInterval) {
  Random random(3);
  double sum = 0.0;
  for (int i = 0; i < 100000; ++i) {
    const double value = random.uniform(2.0, 4.0);
    ASSERT_GE(value, 2.0);
    ASSERT_LT(value, 4.0);
    sum += value;
  }
  EXPECT_NEAR(sum / 100000, 3.0, 0.01);  // 5 standard errors of 2 / sqrt(12 n)
}

TEST(RandomTest, BelowDrawsEachNumberEquallyOften) {
  Random random(9);
  std::vector<int> counts(7, 0);
  for (int i = 0; i < 70000; ++i) ++counts[static_cast<std::size_t>(random.below(7))];
  for (const int count : counts) EXPECT_NEAR(count, 10000, 500);  // 5 standard deviations
  EXPECT_EQ(random.below(1), 0);
}

}  // namespace
}  // namespace oodml
