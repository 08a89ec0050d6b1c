#include "coordinator/cli/output/results_text.h"

#include <gtest/gtest.h>

#include "coordinator/cli/output/json.h"
#include "tests/coordinator/cli/samples.h"

namespace oodml::cli {
namespace {

std::string results_csv(const v1::QueryResultsReply& reply) {
  return results_csv_head(reply) + results_csv_rows(reply);
}

TEST(ResultsTextTest, FiguresAreInPercentWithTheirIntervalAndHolesAreShown) {
  EXPECT_EQ(results_text(sample_results(), {}),
            "Sweep 3 smoke: 3/6 trials succeeded\n"
            "In every row: split=1. Mean ± half-width of the 95 % t-interval over the n trials of a row, in % (FID, "
            "distances and losses as they are).\n"
            "\n"
            "                  e_recall@1    e_recall@1      dists@intra\n"
            "criterion    n          best          last             last\n"
            "r_margin   2/2  65.23 ± 1.25  65.00 ± 1.25  0.3100 ± 0.0125\n"
            "triplet    1/2         50.00         40.00                -\n"
            "arcface    0/2             -             -                -\n");
}

TEST(ResultsTextTest, FewShotFiguresStandBesideEachOtherOnceAndGainsMayBeNegative) {
  v1::QueryResultsReply reply = sample_results();
  reply.clear_rows();
  auto* row = reply.add_rows();
  add_labels(*row, {{"criterion", "margin"}, {"split", "1"}});
  row->set_n(2);
  row->set_n_expected(2);
  *row->add_statistics() = sample_statistic("zero_shot.e_recall@1", 2, 0.5, 0.5);
  *row->add_statistics() = sample_statistic("few_shot.e_recall@1", 2, 0.45, 0.45);
  *row->add_statistics() = sample_statistic("gain.e_recall@1", 2, -0.1, -0.1);
  *row->add_statistics() = sample_statistic("gain.dists@intra", 2, 0.3, 0.3);
  *row->add_statistics() = sample_statistic("few_shot.dists@intra", 2, 0.3, 0.3);
  const std::string text = results_text(reply, {.width = 200});
  EXPECT_NE(text.find("zero_shot.e_recall@1  few_shot.e_recall@1  gain.e_recall@1  gain.dists@intra  "
                      "few_shot.dists@intra"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("mean                 mean         relative          relative                  mean"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("50.00 ± 1.25         45.00 ± 1.25    -10.00 ± 1.25      30.00 ± 1.25       0.3000 ± 0.0125"),
            std::string::npos)
      << text;
}

TEST(ResultsTextTest, WhatARowMixesIsNamedInEveryFormat) {
  v1::QueryResultsReply reply = sample_results();
  reply.mutable_rows(0)->add_mixes("2 versions of split 1 of birds: 3f2a in trial 1; 77ab in trial 2");
  const std::string line =
      "Note: criterion=r_margin split=1 mixes 2 versions of split 1 of birds: 3f2a in trial 1; 77ab in trial 2\n";
  EXPECT_TRUE(results_text(reply, {}).ends_with(line)) << results_text(reply, {});
  EXPECT_NE(results_latex(reply).find("% " + line), std::string::npos);
  EXPECT_NE(results_csv(reply).find(",0,,,,2 versions of split 1 of birds: 3f2a in trial 1; 77ab in trial 2\n"),
            std::string::npos)
      << results_csv(reply);
  EXPECT_EQ(json_of(reply)["rows"][0]["mixes"].size(), 1u);
  reply.mutable_rows(0)->clear_mixes();
  reply.add_notes("2 versions of images of birds: 3f2a in trial 1; 77ab in trial 2");
  EXPECT_NE(results_text(reply, {}).find("Note: the rows are made of 2 versions of images of birds"),
            std::string::npos);
  EXPECT_NE(results_csv(reply).find(",rows of 2 versions of images of birds"), std::string::npos);
  EXPECT_EQ(json_of(reply)["notes"].size(), 1u);
}

TEST(ResultsTextTest, WhatHasNoRoomIsNamed) {
  const std::string text = results_text(sample_results(), {.utf8 = false, .width = 40});
  EXPECT_NE(text.find("r_margin   2/2  65.23 +- 1.25\n"), std::string::npos) << text;
  EXPECT_NE(text.find("No room for e_recall@1 last, dists@intra last: choose with --metric, or use -o csv\n"),
            std::string::npos)
      << text;
  v1::QueryResultsReply wide = sample_results();
  wide.mutable_rows()->DeleteSubrange(1, wide.rows_size() - 1);
  v1::ResultRow& row = *wide.mutable_rows(0);
  for (int k = 2; k < 20; ++k) *row.add_statistics() = sample_statistic("e_recall@" + std::to_string(k), 2, 0.5, 0.5);
  const std::string cut = results_text(wide, {.utf8 = false, .width = 40});
  EXPECT_NE(cut.find(" more: choose with --metric, or use -o csv\n"), std::string::npos) << cut;
}

TEST(ResultsTextTest, AMetricThatFewerTrialsHaveSaysSo) {
  v1::QueryResultsReply reply = sample_results();
  reply.mutable_rows(0)->mutable_statistics(0)->set_n(1);
  reply.mutable_rows(0)->mutable_statistics(0)->set_n_expected(2);
  EXPECT_NE(results_text(reply, {}).find("65.23 (1/2)"), std::string::npos);
}

TEST(ResultsTextTest, AnAggregateOverSplitsIsNamedInEveryFormat) {
  v1::QueryResultsReply reply = sample_results();
  reply.set_over("split");
  const std::string text = results_text(reply, {});
  EXPECT_NE(text.find("3/6 series of trials succeeded"), std::string::npos) << text;
  EXPECT_NE(text.find("AGS: area under the figure over the FID of axis split"), std::string::npos) << text;
  EXPECT_NE(text.find("AGS(e_recall@1)"), std::string::npos) << text;
  EXPECT_NE(results_csv(reply).find("r_margin,1,test,AGS(e_recall@1),2,2,"), std::string::npos);
  EXPECT_NE(results_latex(reply).find("AGS(e\\_recall@1)"), std::string::npos) << results_latex(reply);
}

TEST(ResultsTextTest, TheFidOfASplitIsGivenAndHasNoInterval) {
  v1::QueryResultsReply reply = sample_results();
  *reply.mutable_rows(0)->add_statistics() = sample_statistic("fid", 2, 14.3345, 14.3345);
  EXPECT_NE(results_text(reply, {}).find("  14.3345\n"), std::string::npos) << results_text(reply, {});
}

TEST(ResultsTextTest, WithoutAnyResultTheTableSaysSo) {
  v1::QueryResultsReply reply = sample_results();
  for (auto& row : *reply.mutable_rows()) row.clear_statistics();
  EXPECT_NE(results_text(reply, {}).find("No trial of this selection has succeeded yet.\n"), std::string::npos);
}

TEST(ResultsTextTest, TheValidationSelectedEpochHasAColumnWhereThereIsOne) {
  v1::QueryResultsReply reply = sample_results();
  auto* statistic = reply.mutable_rows(0)->mutable_statistics(0);
  statistic->set_selected_n(2);
  statistic->set_selected_mean(0.6);
  statistic->set_selected_half_width(0.01);
  EXPECT_NE(results_text(reply, {}).find("60.00 ± 1.00"), std::string::npos);
}

TEST(ResultsCsvTest, OneLineARowAndMetricWithRawValues) {
  v1::QueryResultsReply reply = sample_results();
  reply.mutable_rows(1)->mutable_labels(0)->set_label("a,\"b\"");
  EXPECT_EQ(
      results_csv(reply),
      "criterion,split,set,metric,n,n_expected,best_mean,best_sd,best_half_width,best_epoch_mean,last_mean,last_sd,"
      "last_half_width,selected_n,selected_mean,selected_sd,selected_half_width,mixes\n"
      "r_margin,1,test,e_recall@1,2,2,0.65234,0.0125,0.0125,7.5,0.65,0.0125,0.0125,0,,,,\n"
      "r_margin,1,test,dists@intra,2,2,0.3,0.0125,0.0125,7.5,0.31,0.0125,0.0125,0,,,,\n"
      "\"a,\"\"b\"\"\",1,test,e_recall@1,1,2,0.5,,,7.5,0.4,,,0,,,,\n"
      "arcface,1,,,0,2,,,,,,,,0,,,,\n");
}

TEST(ResultsCsvTest, EveryLineHasAsManyFieldsAsTheHeading) {
  const std::string csv = results_csv(sample_results());
  std::size_t commas = 0, expected = 0;
  for (const char c : csv) {
    if (c == ',') ++commas;
    if (c != '\n') continue;
    if (expected == 0) expected = commas;
    EXPECT_EQ(commas, expected);
    commas = 0;
  }
}

TEST(ResultsLatexTest, NamesAreEscapedAndFiguresAreMathematics) {
  EXPECT_EQ(
      results_latex(sample_results()),
      "% Sweep 3 smoke: 3/6 trials; mean and half-width of the 95 % t-interval; shares in percent. Needs booktabs.\n"
      "\\begin{tabular}{llrrrr}\n"
      "\\toprule\n"
      "&& & e\\_recall@1 (\\%) & e\\_recall@1 (\\%) & dists@intra \\\\\n"
      "criterion & split & $n$ & best & last & last \\\\\n"
      "\\midrule\n"
      "r\\_margin & 1 & 2/2 & $65.23 \\pm 1.25$ & $65.00 \\pm 1.25$ & $0.3100 \\pm 0.0125$ \\\\\n"
      "triplet & 1 & 1/2 & $50.00$ & $40.00$ & -- \\\\\n"
      "arcface & 1 & 0/2 & -- & -- & -- \\\\\n"
      "\\bottomrule\n"
      "\\end{tabular}\n");
}

}  // namespace
}  // namespace oodml::cli
