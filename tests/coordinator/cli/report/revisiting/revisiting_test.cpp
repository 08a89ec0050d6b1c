#include <gtest/gtest.h>

#include <cmath>

#include "coordinator/cli/report/kinds.h"
#include "tests/coordinator/cli/report/document_parts.h"
#include "tests/coordinator/cli/report/study_runs.h"

namespace oodml::cli::report {
namespace {

/// 41 epochs: the figure is `at_20` in epoch 20, `at_40` in epoch 40 and 0.1 in all others.
std::vector<double> course(double at_20, double at_40) {
  std::vector<double> values(41, 0.1);
  values[19] = at_20;
  values[39] = at_40;
  return values;
}

/// R@1 is best in epoch 20, NMI in epoch 40; the training set has other statistics then.
Run one_run(const std::string& benchmark, const std::string& group, std::int64_t seed, double recall, double rho) {
  Run run = run_of(benchmark, group, seed);
  run.group = group;
  with(run, "test:e_recall@1", course(recall, 0.3));
  with(run, "test:e_recall@2", course(0.2, recall + 0.1));
  with(run, "test:e_recall@4", course(0.2, recall + 0.2));
  with(run, "test:nmi", course(0.3, recall + 0.05));
  with(run, "test:f1", course(0.2, 0.35));
  with(run, "test:mAP_lim", course(0.25, 0.2));
  with(run, "train:rho_spectrum@2", course(rho, 0.9));
  return run;
}

/// On CUB three plain methods and one regularised one; on SOP one.
std::vector<Run> study() {
  std::vector<Run> runs;
  for (const std::int64_t seed : {0, 1}) {
    const double more = 0.02 * static_cast<double>(seed);
    runs.push_back(one_run("cub200", "CUB_Triplet_Random", seed, 0.58 + more, 0.50));
    runs.push_back(one_run("cub200", "CUB_MS", seed, 0.62 + more, 0.30));
    runs.push_back(one_run("cub200", "CUB_ArcFace", seed, 0.60 + more, 0.40));
    runs.push_back(one_run("cub200", "CUBreg_Triplet_Distance", seed, 0.61 + more, 0.35));
    runs.push_back(one_run("online_products", "SOP_MS", seed, 0.74 + more, 0.2));
  }
  return runs;
}

TEST(RevisitingTest, RowsOfABenchmarkAreEachMetricsOwnBest) {
  const Table table = table_of(make_revisiting(study(), {}), "revisiting_cub");
  EXPECT_EQ(table.heading, (Row{"Method", "R@1", "R@2", "F1", "mAP (1023)", "NMI", "epoch", "n"}));
  EXPECT_EQ(table.align, "lrrrrrrr");
  ASSERT_EQ(table.rows.size(), 4U);
  EXPECT_EQ(table.rows[0], (Row{"ArcFace", "61.00 ± 1.00", "71.00 ± 1.00", "35.00 ± 0.00", "25.00 ± 0.00",
                                "66.00 ± 1.00", "20.0", "2/2"}));
  EXPECT_EQ(table.rows[3][0], "R-Triplet (D)");
}

TEST(RevisitingTest, OtherFiguresAreShownOnRequest) {
  const Table table =
      table_of(make_revisiting(study(), {.metrics = {"test:e_recall@4", "train:rho_spectrum@2"}}), "revisiting_cub");
  EXPECT_EQ(table.heading, (Row{"Method", "R@4", "train ρ", "epoch", "n"}));
  EXPECT_EQ(table.rows.at(0), (Row{"ArcFace", "81.00 ± 1.00", "0.4000 ± 0.0000", "20.0", "2/2"}));
}

TEST(RevisitingTest, AtTheBestRecallAllAreOfOneEpoch) {
  const Table table = table_of(make_revisiting(study(), {.choice = Choice::kAtBestRecall}), "revisiting_cub");
  EXPECT_EQ(table.rows.at(0).at(1), "61.00 ± 1.00");
  EXPECT_EQ(table.rows.at(0).at(5), "30.00 ± 0.00");  // NMI in epoch 20
}

TEST(RevisitingTest, SharedTableHasPlainOnesFirstAndDashesForWhatWasNotRun) {
  const Table table = table_of(make_revisiting(study(), {}), "revisiting_all");
  EXPECT_EQ(table.heading, (Row{"Method", "CUB R@1", "CUB NMI", "SOP R@1", "SOP NMI", "n"}));
  ASSERT_EQ(table.rows.size(), 4U);
  EXPECT_EQ(table.rows[0], (Row{"ArcFace", "61.00 ± 1.00", "66.00 ± 1.00", "-", "-", "2/2"}));
  EXPECT_EQ(table.rows[1],
            (Row{"Multisimilarity", "63.00 ± 1.00", "68.00 ± 1.00", "75.00 ± 1.00", "80.00 ± 1.00", "4/4"}));
  EXPECT_EQ(table.rows[2][0], "Triplet (R)");
  EXPECT_EQ(table.rows[3][0], "R-Triplet (D)");
}

TEST(RevisitingTest, TrainingStatisticsAreThoseAtTheBestRecall) {
  const Table table = table_of(make_revisiting(study(), {}), "revisiting_cub_train");
  EXPECT_EQ(table.heading, (Row{"Method", "π_intra", "π_inter", "π_ratio", "ρ", "ρ@-1", "ρ@1", "ρ@10", "n"}));
  EXPECT_EQ(table.rows.at(0), (Row{"ArcFace", "-", "-", "-", "0.4000 ± 0.0000", "-", "-", "-", "2/2"}));
}

TEST(RevisitingTest, RecallAgainstRhoHasLineAndCorrelationOfPlainMethods) {
  // means (0.5, 59), (0.3, 63), (0.4, 61): on the line 69 - 20 rho
  const figures::Figure figure = drawing_of(make_revisiting(study(), {}), "revisiting_structure");
  EXPECT_EQ(figure.columns, 4U);
  ASSERT_EQ(figure.panels.size(), 8U);  // a row for CUB and one for SOP
  const figures::Panel& panel = figure.panels[3];
  EXPECT_EQ(panel.title, "CUB: r = -1.00, n = 3");
  ASSERT_EQ(panel.series.size(), 2U);
  EXPECT_NEAR(panel.series[0].y[0], 63.0, 1e-9);
  EXPECT_NEAR(panel.series[0].y[1], 59.0, 1e-9);
  EXPECT_EQ(panel.series[1].x.size(), 3U);
  EXPECT_NEAR(panel.series[1].high[0] - panel.series[1].y[0], 1.0, 1e-9);
  EXPECT_EQ(panel.y.low, 58.0);   // 58.1 is published, and the lowest bar ends at 58
  EXPECT_EQ(panel.y.high, 64.0);  // 63.8 likewise
  EXPECT_EQ(figure.panels[7].title, "SOP: n = 1");
}

TEST(RevisitingTest, CorrelationsAreOfTheMethodsMeans) {
  const figures::Figure figure = drawing_of(make_revisiting(study(), {}), "revisiting_correlations");
  ASSERT_EQ(figure.panels.size(), 1U);  // SOP has one method
  const figures::Matrix& matrix = *figure.panels[0].matrix;
  EXPECT_EQ(matrix.columns, (std::vector<std::string>{"R@1", "R@2", "R@4", "NMI", "F1", "mAP"}));
  EXPECT_EQ(matrix.rows.front(), "mAP");
  EXPECT_NEAR(matrix.values[5][0], 1.0, 1e-12);  // R@1 with itself
  EXPECT_NEAR(matrix.values[5][3], 1.0, 1e-12);  // NMI is R@1 + 0.05
  EXPECT_TRUE(std::isnan(matrix.values[5][4]));  // F1 does not vary
}

TEST(RevisitingTest, LabelledPointsArePlainAndRegularised) {
  const figures::Figure figure = drawing_of(make_revisiting(study(), {}), "revisiting_rho");
  ASSERT_EQ(figure.panels.size(), 2U);
  ASSERT_EQ(figure.panels[0].series.size(), 2U);
  EXPECT_EQ(figure.panels[0].series[0].labels, (Row{"ArcFace", "Multisimilarity", "Triplet (R)"}));
  EXPECT_EQ(figure.panels[0].series[1].labels, (Row{"R-Triplet (D)"}));
}

TEST(RevisitingTest, BarsAreSortedWithTheBestAtTheTop) {
  const figures::Panel panel = drawing_of(make_revisiting(study(), {}), "revisiting_bars_cub").panels.at(0);
  EXPECT_TRUE(panel.horizontal);
  EXPECT_EQ(panel.categories, (Row{"Multisimilarity", "R-Triplet (D)", "ArcFace", "Triplet (R)"}));
  ASSERT_EQ(panel.series.size(), 2U);
  EXPECT_EQ(panel.series[0].x, (std::vector<double>{0, 2, 3}));
  EXPECT_EQ(panel.series[1].name, "regularised");
  EXPECT_EQ(panel.series[1].x, (std::vector<double>{1}));
}

TEST(RevisitingTest, ShortRunsAreDroppedAndSaid) {
  auto runs = study();
  for (auto& [figure, course] : runs[0].courses) {
    course.epochs.pop_back();
    course.values.pop_back();
  }
  const Document document = make_revisiting(runs, {});
  EXPECT_EQ(table_of(document, "revisiting_cub").rows.at(2).back(), "1/2");
  EXPECT_NE(missing_in(document).find("fewer than 41 epochs"), std::string::npos);
  EXPECT_EQ(table_of(make_revisiting(runs, {.min_epochs = 40}), "revisiting_cub").rows.at(2).back(), "2/2");
}

TEST(RevisitingTest, WhatRunsYetIsAHole) {
  auto runs = study();
  runs[4].state = "running";
  const Document document = make_revisiting(runs, {});
  EXPECT_EQ(table_of(document, "revisiting_all").rows.at(1),
            (Row{"Multisimilarity", "63.00 ± 1.00", "68.00 ± 1.00", "76.00", "81.00", "3/4"}));
  EXPECT_NE(missing_in(document).find("1 running"), std::string::npos);
  EXPECT_NE(missing_in(document).find("one run with a result"), std::string::npos);
}

TEST(RevisitingTest, WithoutTrainingStatisticsTheRestIsThere) {
  auto runs = study();
  for (auto& run : runs) {
    run.courses.erase("train:rho_spectrum@2");
    run.courses.erase("test:mAP_lim");
    with(run, "test:mAP_c", course(0.3, 0.2));
  }
  const Document document = make_revisiting(runs, {});
  EXPECT_TRUE(drawing_of(document, "revisiting_structure").panels.empty());
  EXPECT_NE(missing_in(document).find("CUB: no statistics of the training set"), std::string::npos);
  EXPECT_EQ(table_of(document, "revisiting_cub").heading.at(4), "mAP@R");
  EXPECT_EQ(drawing_of(document, "revisiting_correlations").panels.size(), 1U);
}

TEST(RevisitingTest, OneMethodHasNoCorrelations) {
  const Document document = make_revisiting({one_run("mine", "mine_MS", 0, 0.5, 0.2)}, {});
  EXPECT_NE(missing_in(document).find("mine: 1 method with results; a correlation between methods needs 3"),
            std::string::npos);
  EXPECT_EQ(table_of(document, "revisiting_mine").rows.at(0).at(0), "Multisimilarity");
}

TEST(RevisitingTest, DifferencesAreToTheBaselineBySeed) {
  const Table table = table_of(make_revisiting(study(), {.baseline = "ArcFace"}), "revisiting_differences");
  // both seeds differ by 0.02: the deviation of the differences is but rounding
  ASSERT_EQ(table.rows.size(), 6U);
  EXPECT_EQ(table.rows[0][0], "CUB");
  EXPECT_EQ(table.rows[0][1], "R@1");
  EXPECT_EQ(table.rows[0][2], "Multisimilarity");
  EXPECT_EQ(table.rows[0][3], "+2.00");
  EXPECT_EQ(table.rows[0].back(), "2");
}

TEST(RevisitingTest, NoRunAtAllIsAReportAsWell) {
  const Document document = make_revisiting({}, {});
  EXPECT_TRUE(drawings_of(document).empty());
  EXPECT_FALSE(document.title.empty());
}

}  // namespace
}  // namespace oodml::cli::report
