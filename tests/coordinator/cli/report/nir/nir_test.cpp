#include <gtest/gtest.h>

#include "coordinator/cli/report/kinds.h"
#include "tests/coordinator/cli/report/document_parts.h"
#include "tests/coordinator/cli/report/study_runs.h"

namespace oodml::cli::report {
namespace {

Run nir_run(const std::string& method, const std::string& width, std::int64_t seed, const std::vector<double>& recall) {
  Run run = run_of("cub200", method, seed);
  run.criterion = method == "NIR" ? "nir" : "oproxy";
  run.labels["embed_dim"] = width;
  with(run, "test:e_recall@1", recall);
  with(run, "test:nmi", {0.6, 0.7, 0.65, 0.6});
  return run;
}

/// The plain loss is best in epoch 4 (seed 0) and 3 (seed 1); NIR has as much in epochs 2 and 3.
std::vector<Run> nir_study() {
  return {nir_run("ProxyAnchor", "128", 0, {0.50, 0.55, 0.58, 0.60}),
          nir_run("ProxyAnchor", "128", 1, {0.50, 0.57, 0.62, 0.61}),
          nir_run("NIR", "128", 0, {0.52, 0.60, 0.66, 0.65}), nir_run("NIR", "128", 1, {0.52, 0.61, 0.64, 0.63}),
          nir_run("NIR", "512", 0, {0.40, 0.50, 0.55, 0.59})};
}

TEST(NirTest, TableHasTheBestFiguresOfASetting) {
  const Document document = make_nir(nir_study(), {});
  const Table table = table_of(document, "nir_best");
  EXPECT_EQ(table.heading, (Row{"benchmark", "method", "setting", "R@1", "NMI", "n"}));
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rows[0], (Row{"CUB", "ProxyAnchor", "128", "61.00 ± 1.00", "70.00 ± 0.00", "2/2"}));
  EXPECT_EQ(table.rows[1], (Row{"CUB", "NIR", "128", "65.00 ± 1.00", "70.00 ± 0.00", "2/2"}));
  EXPECT_EQ(table.rows[2], (Row{"CUB", "NIR", "512", "59.00", "70.00", "1/1"}));
  EXPECT_NE(missing_in(document).find("no run has test:e_recall@2, test:e_recall@4, test:mAP_1000"), std::string::npos);
}

TEST(NirTest, SpeedIsInEpochsUntilThePlainLossIsReachedSeedBySeed) {
  const Table table = table_of(make_nir(nir_study(), {}), "nir_speed");
  ASSERT_EQ(table.rows.size(), 2U);
  // the plain loss: epochs 4 and 3; NIR reaches 0.60 in epoch 2 and 0.62 in epoch 3: 3.5 / 2.5
  EXPECT_EQ(table.rows[0], (Row{"CUB", "NIR, 128", "ProxyAnchor, 128", "61.00", "3.5", "2.5", "1.40", "2/2"}));
  EXPECT_EQ(table.rows[1], (Row{"CUB", "NIR, 512", "ProxyAnchor, 128", "61.00", "3.5", "never", "-", "0/1"}));
}

TEST(NirTest, CurvesAreMeansOverSeedsWithThePlainOneDashed) {
  const figures::Figure figure = drawing_of(make_nir(nir_study(), {}), "nir_convergence");
  ASSERT_EQ(figure.panels.size(), 1U);
  const figures::Panel& panel = figure.panels[0];
  ASSERT_EQ(panel.series.size(), 3U);
  EXPECT_TRUE(panel.series[0].dashed);
  EXPECT_FALSE(panel.series[1].dashed);
  EXPECT_EQ(panel.title, "CUB (5/5 runs)");
  EXPECT_EQ(panel.series[1].name, "NIR, 128");
  EXPECT_EQ(panel.series[1].x, (std::vector<double>{1, 2, 3, 4}));
  EXPECT_NEAR(panel.series[1].y[1], 60.5, 1e-9);
  ASSERT_EQ(panel.rules.size(), 1U);
  EXPECT_FALSE(panel.rules[0].vertical);
  EXPECT_NEAR(panel.rules[0].at, 61.0, 1e-9);
}

TEST(NirTest, DifferencesAreToThePlainLoss) {
  const Table table = table_of(make_nir(nir_study(), {}), "nir_differences");
  ASSERT_EQ(table.rows.size(), 4U);  // R@1 and NMI of two settings
  // 0.66 - 0.60 and 0.64 - 0.62: 0.04, sd 0.0283, t = 2, p = 0.2952 (1 - 2/pi atan 2), +-12.7062 * 0.02
  EXPECT_EQ(table.rows[0],
            (Row{"CUB", "R@1", "ProxyAnchor, 128", "NIR, 128", "+4.00", "[-21.41, 29.41]", "0.2952", "0.5000", "2"}));
}

TEST(NirTest, WithoutAPlainLossTheRestIsThere) {
  auto runs = nir_study();
  std::erase_if(runs, [](const auto& run) { return run.criterion != "nir"; });
  const Document document = make_nir(runs, {});
  EXPECT_NE(missing_in(document).find("no plain proxy loss on CUB"), std::string::npos);
  EXPECT_TRUE(table_of(document, "nir_speed").rows.empty());
  EXPECT_EQ(table_of(document, "nir_best").rows.size(), 2U);
  EXPECT_EQ(drawing_of(document, "nir_convergence").panels.at(0).series.size(), 2U);
}

TEST(NirTest, TheBaselineCanBeChosen) {
  auto runs = nir_study();
  const Table table = table_of(make_nir(runs, {.baseline = "NIR"}), "nir_speed");
  EXPECT_EQ(table.rows.at(0).at(1), "ProxyAnchor, 128");
  EXPECT_EQ(table.rows.at(0).at(5), "never");
}

TEST(NirTest, NothingAtAllIsSaid) {
  auto queued = run_of("cub200", "NIR", 0);
  queued.state = "queued";
  const Document document = make_nir({queued}, {});
  EXPECT_NE(missing_in(document).find("1 queued"), std::string::npos);
  EXPECT_TRUE(drawings_of(document).empty());
}

}  // namespace
}  // namespace oodml::cli::report
