#include "core/few_shot/episode_figures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace oodml::few_shot {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<EpisodeFigures> ten_episodes() {
  std::vector<EpisodeFigures> episodes;
  for (int i = 0; i < 10; ++i) {
    episodes.push_back({.metrics = {"e_recall@1", "f1"}, .zero = {0.50, 0.0}, .few = {0.55 + 0.01 * i, 0.1}});
  }
  return episodes;
}

TEST(FewShotFiguresTest, IntervalAndGainByHand) {
  const auto summary = summary_of(ten_episodes());
  ASSERT_EQ(summary.size(), 2U);
  // 0.55, ..., 0.64: mean 0.595, squared deviations 82.5e-4, sd sqrt(82.5e-4 / 9), t with 9 degrees of
  // freedom 2.262157.
  EXPECT_NEAR(summary[0].few, 0.595, 1e-12);
  EXPECT_NEAR(summary[0].few_conf, 2.262157162740992 * std::sqrt(82.5e-4 / 9) / std::sqrt(10.0), 1e-12);
  EXPECT_NEAR(summary[0].zero_conf, 0.0, 1e-15);
  EXPECT_NEAR(summary[0].gain, 0.19, 1e-12);
  EXPECT_TRUE(std::isnan(summary[1].gain)) << "relative to nothing";
}

TEST(FewShotFiguresTest, OneEpisodeHasNoIntervalAndNoneNoFigure) {
  auto one = ten_episodes();
  one.resize(1);
  EXPECT_TRUE(std::isnan(summary_of(one)[0].few_conf));
  EXPECT_TRUE(summary_of({}).empty());
}

TEST(FewShotFiguresTest, NamesAndSetsAreThoseThatReportsRead) {
  const auto episode = episode_metrics({{"nmi"}, {0.25}, {0.5}}, 7, 12);
  ASSERT_EQ(episode.size(), 2U);
  EXPECT_EQ(episode[0], (job::Metric{12, "episode-7", "embeds", "zero_shot.nmi", 0.25}));
  EXPECT_EQ(episode[1], (job::Metric{12, "episode-7", "embeds", "few_shot.nmi", 0.5}));
  const auto told = summary_metrics({{"nmi", 0.25, 0.01, 0.5, 0.02, 1.0}}, 12);
  ASSERT_EQ(told.size(), 5U);
  EXPECT_EQ(told[0], (job::Metric{12, "test", "embeds", "zero_shot.nmi", 0.25}));
  EXPECT_EQ(told[1], (job::Metric{12, "test", "embeds", "few_shot.nmi", 0.5}));
  EXPECT_EQ(told[2], (job::Metric{12, "test", "embeds", "zero_shot_conf.nmi", 0.01}));
  EXPECT_EQ(told[3], (job::Metric{12, "test", "embeds", "few_shot_conf.nmi", 0.02}));
  EXPECT_EQ(told[4], (job::Metric{12, "test", "embeds", "gain.nmi", 1.0}));
}

TEST(FewShotFiguresTest, TheTableHasTheColumnsOfTheStudy) {
  EXPECT_EQ(summary_table({{"nmi", 0.25, 0.125, 0.5, kNaN, 1.0}}),
            "Metric,Few-Shot Mean,Few-Shot Conf.,Zero-Shot Mean,Zero-Shot Conf.\nnmi,0.5,,0.25,0.125\n");
}

}  // namespace
}  // namespace oodml::few_shot
