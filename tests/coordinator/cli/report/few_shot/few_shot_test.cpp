#include <gtest/gtest.h>

#include "coordinator/cli/report/kinds.h"
#include "tests/coordinator/cli/report/document_parts.h"
#include "tests/coordinator/cli/report/study_runs.h"

namespace oodml::cli::report {
namespace {

Run adapted_run(const std::string& method, const std::string& shots, const std::string& split, double fid,
                std::int64_t seed, double zero, double few) {
  Run run = run_of("cub200", method, seed);
  run.split = split;
  run.fid = fid;
  run.labels["shots"] = shots;
  with_final(run, "test:zero_shot.e_recall@1", zero, 200);
  with_final(run, "test:few_shot.e_recall@1", few, 200);
  with_final(run, "test:zero_shot_conf.e_recall@1", 0.01, 200);
  with_final(run, "test:few_shot_conf.e_recall@1", 0.02, 200);
  return run;
}

/// One method, two shots, two splits, two seeds; the harder split comes first.
std::vector<Run> few_shot_study() {
  return {adapted_run("S2SD", "2", "9", 100, 0, 0.50, 0.60), adapted_run("S2SD", "2", "9", 100, 1, 0.40, 0.44),
          adapted_run("S2SD", "2", "1", 20, 0, 0.80, 0.84), adapted_run("S2SD", "2", "1", 20, 1, 0.80, 0.88)};
}

TEST(FewShotTest, TableHasIntervalsOverEpisodesAndOverSeeds) {
  const Table table = table_of(make_few_shot(few_shot_study(), {}), "few_shot_r_1_gain");
  ASSERT_EQ(table.rows.size(), 2U);
  // t = 12.7062 for n = 2: of 0.84 and 0.88 +- 12.7062 * 0.02 = 0.254124; changes 5 % and 10 %
  EXPECT_EQ(table.rows[0], (Row{"CUB", "1", "20.0", "S2SD", "2", "80.00 ± 1.00", "[80.00, 80.00]", "86.00 ± 2.00",
                                "[60.59, 111.41]", "7.50 ± 2.50", "2/2"}));
  EXPECT_EQ(table.rows[1][2], "100.0");
  EXPECT_EQ(table.rows[1][9], "15.00 ± 5.00");  // 20 % and 10 %
}

TEST(FewShotTest, FigureHasBeforeAfterAndTheChangeOnTheRight) {
  const figures::Figure figure = drawing_of(make_few_shot(few_shot_study(), {}), "few_shot_cub_r_1");
  ASSERT_EQ(figure.panels.size(), 1U);
  const figures::Panel& panel = figure.panels[0];
  EXPECT_EQ(panel.title, "S2SD, 2 shots (4/4 runs)");
  ASSERT_EQ(panel.series.size(), 4U);
  EXPECT_EQ(panel.series[0].x, (std::vector<double>{20, 100}));
  EXPECT_NEAR(panel.series[0].y[1], 45.0, 1e-9);
  EXPECT_NEAR(panel.series[1].y[0], 86.0, 1e-9);
  EXPECT_TRUE(panel.series[2].on_right_axis);
  EXPECT_NEAR(panel.series[2].y[1], 15.0, 1e-9);
  EXPECT_NEAR(panel.series[3].y[0], 7.5, 1e-9);  // a line through two points
  EXPECT_TRUE(panel.right.has_value());
}

TEST(FewShotTest, OneSeedHasTheIntervalOverItsEpisodes) {
  auto runs = few_shot_study();
  std::erase_if(runs, [](const auto& run) { return run.seed == 1; });
  const Document document = make_few_shot(runs, {});
  const figures::Panel panel = drawing_of(document, "few_shot_cub_r_1").panels.at(0);
  EXPECT_NEAR(panel.series[1].low[0], 82.0, 1e-9);  // 0.84 - 0.02
  EXPECT_NEAR(panel.series[1].high[0], 86.0, 1e-9);
  EXPECT_EQ(table_of(document, "few_shot_r_1_gain").rows.at(0).at(8), "-");
  EXPECT_NE(missing_in(document).find("no interval over seeds"), std::string::npos);
}

TEST(FewShotTest, ShotsAreReadFromTheGroupsOfTheStudy) {
  auto run = adapted_run("", "2", "1", 20, 0, 0.5, 0.6);
  run.labels.erase("shots");
  run.group = "CUB_Shots-5_ID-1_DiVA";
  const Table table = table_of(make_few_shot({run}, {}), "few_shot_r_1_trials");
  EXPECT_EQ(table.rows.at(0), (Row{"CUB", "1", "20.0", "DiVA", "5", "0", "50.00 ± 1.00", "60.00 ± 2.00", "20.00"}));
}

TEST(FewShotTest, MethodsAreComparedWithAsManyShots) {
  auto runs = few_shot_study();
  for (const std::int64_t seed : {0, 1}) {
    runs.push_back(adapted_run("ArcFace", "2", "1", 20, seed, 0.8, 0.82));
    runs.push_back(adapted_run("ArcFace", "5", "1", 20, seed, 0.8, 0.90));
  }
  const Document document = make_few_shot(runs, {.baseline = "ArcFace"});
  const Table table = table_of(document, "few_shot_r_1_differences");
  ASSERT_EQ(table.rows.size(), 2U);
  // on split 1, which both have: 0.84 - 0.82 and 0.88 - 0.82
  EXPECT_EQ((Row{table.rows[0].begin(), table.rows[0].begin() + 5}), (Row{"CUB", "2", "few-shot", "S2SD", "+4.00"}));
  EXPECT_EQ(table.rows[0].back(), "2");
}

TEST(FewShotTest, WhatIsMissingIsSaidAndTheRestIsThere) {
  auto runs = few_shot_study();
  runs[0].state = "failed";
  runs[2].fid.reset();
  runs[3].fid.reset();
  const Document document = make_few_shot(runs, {});
  const std::string missing = missing_in(document);
  EXPECT_NE(missing.find("no FID of CUB 1"), std::string::npos);
  EXPECT_NE(missing.find("1 failed"), std::string::npos);
  EXPECT_NE(missing.find("no run has test:few_shot.mAP_1000"), std::string::npos);
  EXPECT_EQ(drawing_of(document, "few_shot_cub_r_1").panels.at(0).series.at(0).x, (std::vector<double>{100}));
  EXPECT_EQ(table_of(document, "few_shot_r_1_gain").rows.size(), 2U);
}

TEST(FewShotTest, FidsOfASplitFileStandInForThoseThatRunsLack) {
  auto runs = few_shot_study();
  for (auto& run : runs) run.fid.reset();
  const Document document = make_few_shot(
      runs, {.splits = {{.benchmark = "cub200", .id = "1", .fid = 21}, {.benchmark = "cars196", .id = "9"}}});
  EXPECT_EQ(drawing_of(document, "few_shot_cub_r_1").panels.at(0).series.at(0).x, (std::vector<double>{21}));
}

TEST(FewShotTest, OtherMetricsAreShownOnRequest) {
  auto runs = few_shot_study();
  for (auto& run : runs) {
    with_final(run, "test:zero_shot.nmi", 0.6, 200);
    with_final(run, "test:few_shot.nmi", 0.66, 200);
  }
  const Document document = make_few_shot(runs, {.metrics = {"test:few_shot.nmi"}});
  ASSERT_EQ(document.sections.size(), 1U);
  EXPECT_EQ(table_of(document, "few_shot_nmi_gain").rows.at(0).at(7), "66.00");  // no interval over episodes is known
}

}  // namespace
}  // namespace oodml::cli::report
