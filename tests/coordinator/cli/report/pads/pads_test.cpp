#include <gtest/gtest.h>

#include <cmath>

#include "coordinator/cli/report/kinds.h"
#include "tests/coordinator/cli/report/document_parts.h"
#include "tests/coordinator/cli/report/study_runs.h"

namespace oodml::cli::report {
namespace {

const ReportOptions kAsTheStudy{.choice = Choice::kAtBestRecall};

Run pads_run(const std::string& benchmark, const std::string& sampler, std::int64_t seed, double recall) {
  Run run = run_of(benchmark, sampler, seed);
  with(run, "test:e_recall@1", {0.4, recall, 0.5});
  with(run, benchmark == "online_products" ? "test:e_recall@10" : "test:e_recall@2", {0.5, recall + 0.1, 0.9});
  with(run, "test:nmi", {0.6, 0.65, 0.7});
  with(run, "test:f1", {0.3, 0.35, 0.4});
  return run;
}

/// A histogram of two bins that moves to the upper one.
Run learned_run(std::int64_t seed, double last) {
  Run run = pads_run("cub200", "pads", seed, 0.62);
  with(run, "policy:sampling@0", {0.75, 0.5, 1.0 - last});
  with(run, "policy:sampling@1", {0.25, 0.5, last});
  return run;
}

std::vector<Run> pads_study() {
  return {learned_run(0, 0.9), learned_run(1, 0.8), pads_run("cub200", "distance", 0, 0.60),
          pads_run("cub200", "distance", 1, 0.60), pads_run("online_products", "distance", 0, 0.7)};
}

TEST(PadsTest, AllFiguresAreThoseAtTheBestRecall) {
  const Document document = make_pads(pads_study(), kAsTheStudy);
  const Table table = table_of(document, "pads_cub");
  EXPECT_EQ(table.heading, (Row{"method", "sampling", "R@1", "R@2", "NMI", "F1", "epoch", "n"}));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0],
            (Row{"pads", "learned", "62.00 ± 0.00", "72.00 ± 0.00", "65.00 ± 0.00", "35.00 ± 0.00", "2.0", "2/2"}));
  EXPECT_EQ(table.rows[1][1], "fixed");
  EXPECT_NE(missing_in(document).find("no run on CUB has test:e_recall@4, test:e_recall@8"), std::string::npos);
}

TEST(PadsTest, RanksOnSopAreItsOwn) {
  const Table table = table_of(make_pads(pads_study(), kAsTheStudy), "pads_sop");
  EXPECT_EQ(table.heading, (Row{"method", "sampling", "R@1", "R@10", "NMI", "F1", "epoch", "n"}));
}

TEST(PadsTest, HistogramIsTheMeanOverRunsLinearAndLogarithmic) {
  const figures::Figure figure = drawing_of(make_pads(pads_study(), kAsTheStudy), "pads_cub_sampling_pads");
  ASSERT_EQ(figure.panels.size(), 3U);
  const figures::Matrix& linear = *figure.panels[0].matrix;
  EXPECT_EQ(linear.x, (std::vector<double>{1, 2, 3}));
  ASSERT_EQ(linear.y.size(), 2U);
  EXPECT_NEAR(linear.y[0], 0.425, 1e-12);  // halves of 0.1 to 1.4
  EXPECT_NEAR(linear.y[1], 1.075, 1e-12);
  EXPECT_NEAR(linear.values[1][2], 0.85, 1e-12);
  EXPECT_FALSE(linear.logarithmic);
  EXPECT_TRUE(figure.panels[1].matrix->logarithmic);
  ASSERT_EQ(figure.panels[2].series.size(), 2U);
  EXPECT_EQ(figure.panels[2].series[0].y, (std::vector<double>{0.75, 0.25, 0.25}));
}

TEST(PadsTest, LearnedAndFixedSamplersAreCompared) {
  const Document document = make_pads(pads_study(), {.baseline = "distance"});
  const Table table = table_of(document, "pads_cub_differences");
  ASSERT_FALSE(table.rows.empty());
  EXPECT_EQ((Row{table.rows[0].begin(), table.rows[0].begin() + 4}), (Row{"CUB", "R@1", "pads", "+2.00"}));
  const figures::Panel bars = drawing_of(document, "pads_cub_bars").panels.at(0);
  EXPECT_EQ(bars.categories, (Row{"pads", "distance"}));
  EXPECT_EQ(bars.series.at(0).name, "fixed");
  EXPECT_EQ(bars.series.at(1).name, "learned");
}

TEST(PadsTest, FixedSamplersAloneHaveNoHistogram) {
  const Document document = make_pads({pads_run("cub200", "random", 0, 0.6)}, kAsTheStudy);
  EXPECT_NE(missing_in(document).find("no run with a learned sampling"), std::string::npos);
  EXPECT_NE(missing_in(document).find("one run"), std::string::npos);
  EXPECT_EQ(table_of(document, "pads_cub").rows.size(), 1U);
}

TEST(PadsTest, NoRunAtAllIsAReportAsWell) { EXPECT_EQ(make_pads({}, {}).sections.size(), 1U); }

}  // namespace
}  // namespace oodml::cli::report
