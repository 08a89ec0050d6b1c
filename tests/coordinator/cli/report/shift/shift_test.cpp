// The sections of the shift study's report, each on numbers that can be followed by hand.

#include <gtest/gtest.h>

#include <cmath>

#include "coordinator/cli/report/shift/curves.h"
#include "coordinator/cli/report/shift/progression.h"
#include "coordinator/cli/report/shift/scores.h"
#include "coordinator/cli/report/shift/structure.h"
#include "coordinator/cli/report/shift/tables.h"
#include "tests/coordinator/cli/report/shift_runs.h"

namespace oodml::cli::report {
namespace {

constexpr const char* kRecall = "test:e_recall@1";

std::vector<ShiftGrid> grids_of(const std::vector<Run>& runs, const ReportOptions& options = {}) {
  return shift_grids(runs, 0, options);
}

TEST(ShiftGridTest, SplitsStandByTheirFidAndCellsCountWhatIsExpected) {
  std::vector<report::Run> runs = small_study();
  runs.push_back(shifted("S2SD", "10", 5.0, 0, 0.95));
  runs.back().state = "failed";
  const std::vector<ShiftGrid> grids = grids_of(runs);
  ASSERT_EQ(grids.size(), 1u);
  EXPECT_EQ(grids[0].title, "CUB");
  EXPECT_EQ(grids[0].splits.front().id, "10");
  EXPECT_EQ(grids[0].methods, (std::vector<std::string>{"ArcFace", "S2SD"}));
  EXPECT_EQ(grids[0].cells[0][0].expected, 0u);
  EXPECT_EQ(grids[0].cells[1][0].expected, 1u);
  EXPECT_TRUE(grids[0].cells[1][0].runs.empty());
  EXPECT_EQ(grids[0].heading(), "CUB (12/13 runs)");
}

TEST(ShiftGridTest, TheDefaultSplitIsThePublishedOneOrTheOneThatWasSaid) {
  const std::vector<report::Run> published = {shifted("S2SD", "1", 19.16, 0, 0.7), shifted("S2SD", "3", 52.62, 0, 0.6)};
  EXPECT_FALSE(grids_of(published)[0].splits[0].is_default);
  EXPECT_TRUE(grids_of(published)[0].splits[1].is_default);
  EXPECT_FALSE(grids_of(small_study())[0].splits[2].is_default) << "another split of that id";
  EXPECT_TRUE(grids_of(small_study(), {.default_splits = {{"cub200", "2"}}})[0].splits[1].is_default);
}

TEST(ShiftGridTest, RunsThatNothingTellsApartAndSplitsWithTwoFidsAreDoubted) {
  EXPECT_TRUE(grids_of(small_study())[0].doubts.empty());
  std::vector<report::Run> runs = small_study();
  runs.push_back(shifted("S2SD", "1", 11.0, 0, 0.5));
  const std::vector<std::string> doubts = grids_of(runs)[0].doubts;
  EXPECT_TRUE(mentions(doubts, "CUB: split 1 has 2 FIDs, from 10.00 to 11.00"));
  EXPECT_TRUE(mentions(doubts, "CUB: several runs have the same method, split and seed (1 times)"));
}

TEST(CurvesTest, PointsAreMeansWithDeviationsOfThePopulation) {
  const Section section = curves_over_shift(grids_of(small_study()), "recall", kRecall, {});
  ASSERT_EQ(section.figures.size(), 2u);
  const figures::Series& arcface = section.figures[0].panels.at(0).series.at(0);
  EXPECT_EQ(arcface.x, (std::vector<double>{10, 20, 50}));
  EXPECT_NEAR(arcface.y[0], 81.0, 1e-9);
  EXPECT_NEAR(arcface.high[0] - arcface.y[0], 1.0, 1e-9);
  const Section sample = curves_over_shift(grids_of(small_study()), "r", kRecall, {.spread = Spread::kSample});
  const figures::Series& wider = sample.figures[0].panels.at(0).series.at(0);
  EXPECT_NEAR(wider.high[0] - wider.y[0], std::sqrt(2.0), 1e-9);
  EXPECT_TRUE(section.missing.empty());
}

TEST(CurvesTest, DifferencesAreToTheMeanOfMethodsWithTheirLine) {
  const Section section = curves_over_shift(grids_of(small_study()), "recall", kRecall, {});
  const auto& series = section.figures[1].panels.at(0).series;
  ASSERT_EQ(series.size(), 4u) << "points and a line a method";
  EXPECT_NEAR(series[0].y[0], -5.0, 1e-9);
  EXPECT_NEAR(series[0].y[1], -10.0, 1e-9);
  EXPECT_NEAR(series[0].y[2], -20.0, 1e-9);
  EXPECT_NEAR(series[2].y[2], 20.0, 1e-9);
  // By hand: x - 26.67 = -16.67, -6.67, 23.33; slope = sum(dx dy) / sum(dx^2) = -316.67/866.67
  EXPECT_NEAR(series[1].y[1] - series[1].y[0], -950.0 / 2600.0 * 40.0, 1e-9);
}

TEST(CurvesTest, AHoleIsShownAndHasNoDifference) {
  std::vector<report::Run> runs = small_study();
  std::erase_if(runs, [](const report::Run& run) { return run.method == "S2SD" && run.split == "2"; });
  const Section section = curves_over_shift(grids_of(runs), "recall", kRecall, {});
  EXPECT_TRUE(std::isnan(section.figures[0].panels[0].series[1].y[1]));
  EXPECT_TRUE(std::isnan(section.figures[1].panels[0].series[0].y[1])) << "the mean of methods would be of fewer";
  EXPECT_TRUE(mentions(section.missing, "S2SD at split 2"));
}

TEST(CurvesTest, OneMethodOneSeedOrNoFidSayWhatIsMissing) {
  const std::vector<report::Run> one = {shifted("S2SD", "1", 10, 0, 0.9), shifted("S2SD", "2", 20, 0, 0.8)};
  const Section section = curves_over_shift(grids_of(one), "recall", kRecall, {});
  ASSERT_EQ(section.figures.size(), 1u);
  EXPECT_TRUE(section.figures[0].panels[0].series[0].low.empty()) << "no error bars of one seed";
  EXPECT_TRUE(mentions(section.missing, "one method"));
  std::vector<report::Run> without = small_study();
  for (report::Run& run : without) run.fid.reset();
  const Section none = curves_over_shift(grids_of(without), "recall", kRecall, {});
  EXPECT_TRUE(none.figures.empty());
  EXPECT_TRUE(mentions(none.missing, "0 of 3 splits have a FID"));
}

TEST(ScoresTest, AreAreasBySeedThenTheirMean) {
  const std::vector<report::Run> runs = small_study();
  const std::vector<ShiftGrid> grids = grids_of(runs);
  // By hand: (10 (0.8 + 0.6) / 2 + 30 (0.6 + 0.2) / 2) / 40
  EXPECT_NEAR(scores_by_seed(grids[0], 0, kRecall, Choice::kOwnBest).at(0), 0.475, 1e-12);
  EXPECT_NEAR(scores_by_seed(grids[0], 0, kRecall, Choice::kOwnBest).at(1), 0.495, 1e-12);
  const Section section = scores_over_shift(grids, "ags", kRecall, {});
  EXPECT_NEAR(section.figures.at(0).panels.at(0).series.at(0).y.at(0), 0.485, 1e-12);
  EXPECT_NEAR(section.figures[0].panels[0].series[0].high[0], 0.495, 1e-12);
  EXPECT_EQ(section.tables.at(0).rows.at(0).at(2), "0.485");
  EXPECT_TRUE(section.missing.empty());
}

TEST(ScoresTest, ASeedWithAHoleHasNone) {
  std::vector<report::Run> runs = small_study();
  runs[0].state = "failed";
  const Section section = scores_over_shift(grids_of(runs), "ags", kRecall, {});
  EXPECT_NEAR(section.figures.at(0).panels.at(0).series.at(0).y.at(0), 0.495, 1e-12);
  EXPECT_TRUE(mentions(section.missing, "CUB, ArcFace: 1 of 2 seeds"));
}

TEST(ScoresTest, TheBaselineIsComparedSeedBySeed) {
  const ReportOptions options{.baseline = "ArcFace"};
  const Section section = scores_over_shift(grids_of(small_study(), options), "ags", kRecall, options);
  ASSERT_EQ(section.tables.size(), 2u);
  ASSERT_EQ(section.tables[1].rows.size(), 1u);
  EXPECT_EQ(section.tables[1].rows[0][1], "S2SD");
  // By hand: S2SD (10 (0.9 + 0.8) / 2 + 30 (0.8 + 0.6) / 2) / 40 = 0.7375
  EXPECT_EQ(section.tables[1].rows[0][2], "+0.263");
}

TEST(ProgressionTest, DrawsExchangesAsACurveAndRemovalsAsBarsBesideTheLast) {
  const std::vector<report::Run> runs = {shifted("S2SD", "1", 19.16, 0, 0.7), shifted("S2SD", "3", 52.62, 0, 0.6),
                                         shifted("S2SD", "6", 120.38, 0, 0.6), shifted("S2SD", "9", 173.94, 0, 0.5)};
  const Section section = fid_progression(grids_of(runs), {});
  const figures::Panel& panel = section.figures.at(0).panels.at(0);
  EXPECT_EQ(panel.series.at(0).x, (std::vector<double>{-20, 0, 30}));
  EXPECT_EQ(panel.rules.at(0).at, 0.0);
  EXPECT_EQ(panel.series.at(1).mark, figures::Series::Mark::kBars);
  EXPECT_EQ(panel.series.at(1).y, std::vector<double>{173.94});
  EXPECT_GT(panel.series.at(1).x.at(0), 30.0);
}

TEST(ProgressionTest, OtherSplitsStandInTheOrderOfTheirFid) {
  const Section section = fid_progression(grids_of(small_study()), {});
  EXPECT_EQ(section.figures.at(0).panels.at(0).series.at(0).x, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(section.figures[0].panels[0].series[0].labels, (std::vector<std::string>{"1", "2", "3"}));
}

TEST(StructureTest, StatisticsAreReadAtTheEpochOfTheChosenRecall) {
  std::vector<report::Run> runs;
  for (int method = 0; method < 3; ++method) {
    for (const char* split : {"1", "2"}) {
      report::Run run = shifted("m" + std::to_string(method), split, split[0] == '1' ? 10 : 20, 0, 0);
      with(run, "test:e_recall@1", {0.1, 0.5 + 0.1 * method, 0.2});
      with(run, "train:dists@intra", {9.0, 1.0 - 0.1 * method, 9.0});
      runs.push_back(run);
    }
  }
  const Section section = structure_and_generalisation(grids_of(runs), {});
  const figures::Panel& cloud = section.figures.at(0).panels.at(0);
  EXPECT_EQ(cloud.series.at(2).x.at(0), 0.8);
  EXPECT_NEAR(cloud.series.at(2).y.at(0), 70.0, 1e-9);
  ASSERT_EQ(section.tables.at(0).rows.size(), 1u) << "of what was measured";
  EXPECT_EQ(section.tables[0].rows[0][2], "-1.00");
  EXPECT_NEAR(section.figures.at(1).panels.at(0).series.at(0).y.at(0), -1.0, 1e-9);
}

TEST(StructureTest, WithoutAMeasuredTrainingSetSaysWhatToMeasure) {
  EXPECT_TRUE(mentions(structure_and_generalisation(grids_of(small_study()), {}).missing, "evaluate.sets"));
}

TEST(TablesTest, HaveARowASplitAndMethodWithHolesAndOtherChoices) {
  std::vector<report::Run> runs = small_study();
  runs[0].state = "running";
  with(runs[1], "test:e_recall@1", {0.62, 0.40});
  const Section section = shift_tables(grids_of(runs), {});
  const Table& table = section.tables.at(0);
  EXPECT_EQ(table.heading, (std::vector<std::string>{"split", "FID", "method", "R@1", "R@1 last", "n"}));
  EXPECT_EQ(table.rows.at(0), (std::vector<std::string>{"1", "10.0", "ArcFace", "82.00", "82.00", "1/2"}));
  EXPECT_EQ(table.rows.at(2),
            (std::vector<std::string>{"2", "20.0", "ArcFace", "62.00 ± 0.00", "51.00 ± 11.00", "2/2"}));
  EXPECT_EQ(section.data.at(0).rows.size(), 6u);
}

TEST(TablesTest, ShowTheFiguresThatPeopleAskFor) {
  std::vector<report::Run> runs = small_study();
  for (report::Run& run : runs) with(run, "train:dists@intra", {0.25});
  const Section section = shift_tables(grids_of(runs), {.metrics = {"train:dists@intra", "test:nmi"}});
  EXPECT_EQ(section.tables.at(0).heading.at(3), "train π_intra");
  EXPECT_EQ(section.tables[0].rows[0][3], "0.2500 ± 0.0000");
}

}  // namespace
}  // namespace oodml::cli::report
