#include "coordinator/cli/report/summary.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::cli::report {
namespace {

TEST(SummaryTest, HasMeanDeviationAndCount) {
  const Summary all = summary_of({0.60, NAN, 0.64}, 4, Spread::kPopulation);
  EXPECT_EQ(mean_text(all, kPercent), "62.00 ± 2.00");
  EXPECT_EQ(count_text(all.n, all.expected), "2/4");
  EXPECT_EQ(mean_text(summary_of({0.60, 0.64}, 2, Spread::kSample), kPercent), "62.00 ± 2.83");  // 2 sqrt(2)
}

TEST(SummaryTest, OneRunHasNoDeviationAndNoInterval) {
  const Summary one = summary_of({0.6}, 5, Spread::kPopulation);
  EXPECT_EQ(mean_text(one, kPercent), "60.00");
  EXPECT_EQ(interval_text(one.student, kPercent), "-");
  EXPECT_EQ(interval_text(one.bootstrap, kPercent), "-");
  EXPECT_EQ(mean_text(summary_of({}, 5, Spread::kPopulation), kPercent), "-");
}

TEST(SummaryTest, TableHasBothIntervalsAndTheInterquartileMean) {
  // t = 4.302653 for n = 3: 4.302653 * 0.02 / sqrt(3) = 0.049683; one of 27 resamples is three times the least (3.7 %);
  // the middle half of three: (0.25 * 0.58 + 0.60 + 0.25 * 0.62) / 1.5
  const SummaryRow row = {
      .cells = {"CUB"}, .summary = summary_of({0.58, 0.60, 0.62}, 3, Spread::kSample), .unit = kPercent};
  const Table table = summary_table("t", "c", {"benchmark"}, {row}, Spread::kSample);
  EXPECT_EQ(table.heading,
            (std::vector<std::string>{"benchmark", "mean", "std", "95 % t", "95 % bootstrap", "IQM", "n"}));
  EXPECT_EQ(table.rows.front(),
            (std::vector<std::string>{"CUB", "60.00", "2.00", "[55.03, 64.97]", "[58.00, 62.00]", "60.00", "3/3"}));
  EXPECT_EQ(table.align.size(), table.heading.size());
}

TEST(FigureWordsTest, SharesAreInPercentAndDistancesAreNot) {
  EXPECT_EQ(unit_of("test:e_recall@1"), kPercent);
  EXPECT_EQ(unit_of("test:few_shot.mAP_1000"), kPercent);
  EXPECT_EQ(unit_of("test:nmi/Combined_a_b"), kPercent);
  EXPECT_EQ(unit_of("train:dists@intra"), Unit{});
  EXPECT_EQ(number_text(0.4321, unit_of("train:rho_spectrum@2")), "0.4321");
}

TEST(FigureWordsTest, TitlesAreThoseOfPapers) {
  EXPECT_EQ(figure_title("test:e_recall@10"), "R@10");
  EXPECT_EQ(figure_title("e_recall@1"), "R@1");
  EXPECT_EQ(figure_title("test:mAP_1000"), "mAP@1000");
  EXPECT_EQ(figure_title("train:dists@intra"), "train π_intra");
  EXPECT_EQ(figure_title("test:c_nmi"), "c_nmi");
}

TEST(FigureWordsTest, AJoinedEmbeddingStandsForTheOthers) {
  Run run;
  run.courses = {{"test:nmi/Combined_a_b", {}}, {"test:nmi/A", {}}};
  EXPECT_EQ(figure_of(run, "test:nmi"), "test:nmi/Combined_a_b");
  EXPECT_EQ(figure_of(run, "test:f1"), "test:f1");
  run.courses["test:nmi"] = {};
  EXPECT_EQ(figure_of(run, "test:nmi"), "test:nmi");
}

}  // namespace
}  // namespace oodml::cli::report
