#include "core/samplers/draws.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace oodml::samplers {
namespace {

TEST(DrawsTest, EveryOrderedChoiceOfDifferentNumbersIsEquallyLikely) {
  Random random(1);
  std::map<std::vector<std::int64_t>, int> counts;
  for (int round = 0; round < 6000; ++round) ++counts[distinct_below(5, 3, random)];
  ASSERT_EQ(counts.size(), 60U);  // 5 * 4 * 3
  double chi = 0.0;
  for (const auto& [chosen, count] : counts) {
    EXPECT_EQ(std::set<std::int64_t>(chosen.begin(), chosen.end()).size(), 3U);
    chi += (count - 100.0) * (count - 100.0) / 100.0;
  }
  EXPECT_LT(chi, 98.3);  // 59 degrees of freedom at 0.1 %
}

TEST(DrawsTest, AllOfThemIsAPermutationAndNoneIsNothing) {
  Random random(2);
  const auto all = distinct_below(50, 50, random);
  EXPECT_EQ(std::set<std::int64_t>(all.begin(), all.end()).size(), 50U);
  EXPECT_TRUE(distinct_below(3, 0, random).empty());
}

TEST(DrawsTest, NormalNumbersHaveTheMomentsOfTheStandardNormal) {
  Random random(3);
  const auto numbers = normal_numbers(400, 250, random);  // standard error 1 / sqrt(100 000) = 0.0032
  EXPECT_NEAR(numbers.mean().item<double>(), 0.0, 0.016);
  EXPECT_NEAR(numbers.square().mean().item<double>(), 1.0, 5 * 0.0045);
  EXPECT_NEAR(numbers.pow(4).mean().item<double>(), 3.0, 5 * 0.031);
  const auto neighbours = numbers.slice(1, 0, 249) * numbers.slice(1, 1, 250);
  EXPECT_NEAR(neighbours.mean().item<double>(), 0.0, 0.016);
}

}  // namespace
}  // namespace oodml::samplers
