#include "core/images/crop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace oodml::images {
namespace {

TEST(RandomResizedCropTest, BoxesLieInsideWithTheAreasAndAspectsAskedFor) {
  oodml::Random random(1);
  double smallest = 1.0, largest = 0.0, sum = 0.0;
  constexpr int kRounds = 4000;
  for (int round = 0; round < kRounds; ++round) {
    const Box box = random_resized_crop({400, 300}, random);
    ASSERT_GE(box.top, 0);
    ASSERT_GE(box.left, 0);
    ASSERT_LE(box.top + box.height, 300);
    ASSERT_LE(box.left + box.width, 400);
    const double aspect = static_cast<double>(box.width) / static_cast<double>(box.height);
    ASSERT_GT(aspect, 0.74);
    ASSERT_LT(aspect, 1.35);
    const double area = static_cast<double>(box.width * box.height) / 120000.0;
    smallest = std::min(smallest, area);
    largest = std::max(largest, area);
    sum += area;
  }
  EXPECT_NEAR(smallest, 0.08, 0.01);
  EXPECT_GT(largest, 0.9);
  EXPECT_NEAR(sum / kRounds, 0.4331, 0.012);  // by a million draws in Python; large crops are rejected more often
}

TEST(RandomResizedCropTest, ExtremeImagesFallBackToTheirCentre) {
  oodml::Random random(3);
  EXPECT_EQ(random_resized_crop({1000, 2}, random), (Box{0, 498, 2, 3}));
  EXPECT_EQ(random_resized_crop({1, 1}, random), (Box{0, 0, 1, 1}));
}

TEST(RandomResizedCropTest, LogAspectsAndOffsetsAreUniform) {
  oodml::Random random(9);
  std::array<int, 10> aspects{}, tops{};
  constexpr int kRounds = 20000;
  for (int round = 0; round < kRounds; ++round) {
    const Box box = random_resized_crop({3000, 3000}, random);
    const double aspect = static_cast<double>(box.width) / static_cast<double>(box.height);
    const double share = std::log(aspect * 4.0 / 3.0) / (2.0 * std::log(4.0 / 3.0));
    ++aspects[static_cast<std::size_t>(std::clamp(share * 10.0, 0.0, 9.0))];
    const double place = (static_cast<double>(box.top) + 0.5) / static_cast<double>(3001 - box.height);
    ++tops[static_cast<std::size_t>(std::clamp(place * 10.0, 0.0, 9.0))];
  }
  const auto chi_squared = [&](const std::array<int, 10>& counts) {
    double sum = 0.0;
    for (const int count : counts) sum += (count - kRounds / 10.0) * (count - kRounds / 10.0) / (kRounds / 10.0);
    return sum;
  };
  EXPECT_LT(chi_squared(tops), 27.9);  // 9 degrees of freedom, p = 0.001
  // Long crops of large areas do not fit and are drawn again, so the ends are rarer; the middle is flat.
  EXPECT_LT(std::abs(aspects[4] - aspects[5]), 200);
  EXPECT_LT(std::abs(aspects[0] - aspects[9]), 200);
}

TEST(FallbackCropTest, TheLargestRegionOfAnAllowedAspect) {
  EXPECT_EQ(fallback_crop({40, 100}), (Box{23, 0, 53, 40}));
  EXPECT_EQ(fallback_crop({100, 40}), (Box{0, 23, 40, 53}));
  EXPECT_EQ(fallback_crop({100, 90}), (Box{0, 0, 90, 100}));
}

TEST(RandomCropTest, EveryOffsetIsAsLikely) {
  oodml::Random random(4);
  std::map<std::pair<std::int64_t, std::int64_t>, int> places;
  for (int round = 0; round < 12000; ++round) {
    const Box box = random_crop({7, 6}, 4, random);
    ASSERT_EQ(box.height, 4);
    ASSERT_EQ(box.width, 4);
    ++places[{box.top, box.left}];
  }
  ASSERT_EQ(places.size(), 12U);  // tops 0..2, lefts 0..3
  double chi_squared = 0.0;
  for (const auto& [place, count] : places) chi_squared += (count - 1000.0) * (count - 1000.0) / 1000.0;
  EXPECT_LT(chi_squared, 31.3);  // 11 degrees of freedom, p = 0.001
  EXPECT_EQ(random_crop({4, 4}, 4, random), (Box{0, 0, 4, 4}));
}

TEST(CentreCropTest, HalvesRoundToEven) {
  EXPECT_EQ(centre_crop({9, 11}, 6), (Box{2, 2, 6, 6}));  // 5 / 2 = 2.5 down and 3 / 2 = 1.5 across
  EXPECT_EQ(centre_crop({4, 9}, 6), (Box{2, 0, 6, 4}));
}

TEST(ShorterSideTest, TheLongerIsTruncated) {
  EXPECT_EQ(shorter_side_to({500, 333}, 256), (Size{384, 256}));  // 384.38
  EXPECT_EQ(shorter_side_to({333, 500}, 256), (Size{256, 384}));
  EXPECT_EQ(shorter_side_to({256, 300}, 256), (Size{256, 300}));
  EXPECT_EQ(shorter_side_to({1, 4000}, 256), (Size{256, 1024000}));
}

}  // namespace
}  // namespace oodml::images
