#include <gtest/gtest.h>

#include <cmath>

#include "coordinator/cli/curves/chosen_series.h"
#include "coordinator/cli/curves/sweep_chart.h"
#include "coordinator/cli/curves/trial_chart.h"
#include "tests/coordinator/cli/curves/curve_samples.h"

namespace oodml::cli::curves {
namespace {

TrialFigures figures_in(const v1::ReadMetricsReply& page) {
  TrialFigures figures;
  for (const v1::Event& point : page.points()) figures.take(point);
  return figures;
}

/// Three epochs: loss, seconds, recall of test and val, the FID of its split.
TrialFigures usual_figures() {
  v1::ReadMetricsReply page;
  add_course(page, 7, "train", "loss", 1, {1.0, 0.5, 0.25});
  add_course(page, 7, "train", "seconds", 1, {9, 9, 9});
  add_course(page, 7, "test", "e_recall@1", 1, {0.5, 0.75, 0.625});
  add_course(page, 7, "test", "fid", 1, {30});
  add_course(page, 7, "val", "e_recall@1", 1, {0.25, 0.5, 0.5});
  return figures_in(page);
}

const std::vector<SeriesName> kMeasured = {
    {"train", "loss"}, {"train", "seconds"}, {"test", "e_recall@1"}, {"test", "fid"}, {"val", "e_recall@1"}};

TEST(ChosenSeriesTest, UnlessSaidTheLossAndWhatOtherSetsMeasure) {
  EXPECT_EQ(*chosen_series({}, kMeasured, "trial 7", false),
            (std::vector<SeriesName>{{"train", "loss"}, {"test", "e_recall@1"}, {"val", "e_recall@1"}}));
  EXPECT_EQ(*chosen_series({}, {{"train", "nmi"}, {"train", "loss"}}, "trial 7", false),
            (std::vector<SeriesName>{{"train", "loss"}, {"train", "nmi"}}));
}

TEST(ChosenSeriesTest, WhatEpisodesMeasureHasNoCourse) {
  EXPECT_EQ(
      *chosen_series({}, {{"val", "nmi"}, {"test", "few_shot.nmi"}, {"episode-0", "few_shot.nmi"}}, "trial 7", false),
      (std::vector<SeriesName>{{"val", "nmi"}}));
}

TEST(ChosenSeriesTest, NamesAreOfTheTestSetUnlessTheySayAnother) {
  EXPECT_EQ(*chosen_series({"val:e_recall@1", "e_recall@1", "val:e_recall@1"}, kMeasured, "trial 7", false),
            (std::vector<SeriesName>{{"val", "e_recall@1"}, {"test", "e_recall@1"}}));
}

TEST(ChosenSeriesTest, AnUnknownMetricIsAnsweredByThoseThereAre) {
  const auto ended = chosen_series({"e_recal@1"}, kMeasured, "trial 7", false);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(ended.error().message(),
            "trial 7 has no metric 'e_recal@1'; it has train:loss, train:seconds, e_recall@1, fid, val:e_recall@1; did "
            "you mean 'e_recall@1'?");
  const auto live = chosen_series({"nmi"}, kMeasured, "sweep smoke", true);
  ASSERT_FALSE(live);
  EXPECT_TRUE(live.error().message().starts_with("sweep smoke has measured no 'nmi' so far; it has train:loss"))
      << live.error().message();
}

TEST(ChosenSeriesTest, ASetThatWasNotMeasuredYetMayBeNamedWhileTheTrialRuns) {
  EXPECT_TRUE(chosen_series({"nmi"}, {{"train", "loss"}}, "trial 7", true));
  EXPECT_FALSE(chosen_series({"nmi"}, {{"train", "loss"}}, "trial 7", false));
}

TEST(TrialFiguresTest, OfAnEpochMeasuredAgainTheNewerValueCounts) {
  v1::ReadMetricsReply page;
  add_course(page, 7, "test", "nmi", 1, {0.25, 0.5});
  add_course(page, 7, "test", "nmi", 2, {0.75});
  const TrialFigures figures = figures_in(page);
  EXPECT_EQ(figures.course({"test", "nmi"}), (catalogue::Course{{1, 0.25}, {2, 0.75}}));
  EXPECT_TRUE(figures.course({"val", "nmi"}).empty());
}

TEST(TrialChartTest, APanelAMetricWithACurveASetSharesInPercent) {
  const auto trial = sample_trial(7, "succeeded", {{"criterion", "margin"}});
  const Result<Chart> chart = trial_chart(trial, usual_figures(), {}, kNow);
  ASSERT_TRUE(chart);
  EXPECT_EQ(chart->heading, "Trial 7 criterion=margin: succeeded. Across: epochs.");
  EXPECT_EQ(chart->names, (std::vector<std::string>{"train", "test", "val"}));
  ASSERT_EQ(chart->panels.size(), 2u);
  EXPECT_EQ(chart->panels[0].title, "train:loss  0.2500 at epoch 3");
  EXPECT_EQ(chart->panels[1].title, "e_recall@1, %");
  ASSERT_EQ(chart->panels[1].curves.size(), 2u);
  EXPECT_EQ(chart->panels[1].curves[1].number, 2u);
  EXPECT_EQ(chart->panels[1].curves[1].values, (std::vector<double>{25, 50, 50}));
  EXPECT_TRUE(chart->notes.empty());
}

TEST(TrialChartTest, ACurveAloneNeedsNoLegendAndTellsItsNewestAndBestValue) {
  const Result<Chart> chart =
      trial_chart(sample_trial(7, "running", {}), usual_figures(), {"train:loss", "e_recall@1"}, kNow);
  ASSERT_TRUE(chart);
  EXPECT_TRUE(chart->names.empty());
  EXPECT_EQ(chart->panels[1].title, "e_recall@1, %  62.50 at epoch 3, best 75.00 at 2");
}

TEST(TrialChartTest, AHoleIsSaid) {
  v1::ReadMetricsReply page;
  add_course(page, 7, "train", "loss", 1, {1.0, std::nan(""), 0.5});
  const Result<Chart> chart = trial_chart(sample_trial(7, "running", {}), figures_in(page), {}, kNow);
  ASSERT_TRUE(chart);
  EXPECT_EQ(chart->notes, std::vector<std::string>{"train:loss is no number in 1 epoch, which the curve leaves out."});
}

TEST(TrialChartTest, ATrialWithoutFiguresSaysWhyThereAreNone) {
  auto failed = sample_trial(7, "failed", {});
  failed.set_outcome("out_of_memory");
  const Result<Chart> none = trial_chart(failed, {}, {"nmi"}, kNow);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->heading, "Trial 7: failed, out_of_memory. Across: epochs.");
  EXPECT_EQ(none->notes, std::vector<std::string>{"No figures: it ended before an epoch did."});
  auto queued = sample_trial(8, "queued", {});
  queued.set_waiting_for("no free slot");
  const Result<Chart> early = trial_chart(queued, {}, {}, kNow);
  EXPECT_NE(early->heading.find("no free slot"), std::string::npos) << early->heading;
  EXPECT_EQ(early->notes, std::vector<std::string>{"No figures yet: the first come with the end of an epoch."});
}

class SweepChartTest : public ::testing::Test {
 protected:
  SweepChartTest() {
    v1::ReadMetricsReply first, second;
    add_course(first, 7, "test", "nmi", 1, {0.25, 0.5, 0.75});
    add_course(second, 8, "test", "nmi", 1, {0.75, 1.0});
    trials_ = {figures_in(first), figures_in(second)};
    figures_.sweep = sample_sweep("running", 1, 1, 1, 1);
    figures_.rows_there = 2;
    figures_.rows = {
        {.labels = {{"criterion", "margin"}, {"split", "1"}}, .trials = {&trials_[0], &trials_[1]}, .expected = 3},
        {.labels = {{"criterion", "triplet"}, {"split", "1"}}, .expected = 1}};
  }
  std::vector<TrialFigures> trials_;
  SweepFigures figures_;
};

TEST_F(SweepChartTest, ACurveIsTheMeanOverTheTrialsThatHaveBeenThere) {
  const Result<Chart> chart = sweep_chart(figures_, {});
  ASSERT_TRUE(chart);
  EXPECT_EQ(
      chart->heading,
      "Sweep 3 smoke: running, 1 succeeded, 1 failed, 1 running, 1 queued. Across: epochs; means over the n trials "
      "of a row; in every row split=1.");
  ASSERT_EQ(chart->panels.size(), 1u);
  EXPECT_EQ(chart->panels[0].title, "nmi, %");
  EXPECT_EQ(chart->panels[0].curves[0].values, (std::vector<double>{50, 75, 75}));
  EXPECT_TRUE(chart->panels[0].curves[1].values.empty());
  EXPECT_EQ(chart->names, (std::vector<std::string>{"margin, n 1-2/3", "triplet, n 0/1"}));
  EXPECT_TRUE(chart->notes.empty());
}

TEST_F(SweepChartTest, AValueThatIsNoNumberMakesTheMeanNone) {
  v1::ReadMetricsReply page;
  add_course(page, 8, "test", "nmi", 2, {std::nan("")});
  for (const v1::Event& point : page.points()) trials_[1].take(point);
  const Result<Chart> chart = sweep_chart(figures_, {});
  ASSERT_TRUE(chart);
  EXPECT_TRUE(std::isnan(chart->panels[0].curves[0].values[1]));
}

TEST_F(SweepChartTest, WhatIsNotDrawnIsSaid) {
  figures_.rows_there = 14;
  figures_.left_out = {9, 12};
  const Result<Chart> chart = sweep_chart(figures_, {});
  ASSERT_TRUE(chart);
  ASSERT_EQ(chart->notes.size(), 2u);
  EXPECT_TRUE(chart->notes[0].starts_with("The first 2 of 14 rows")) << chart->notes[0];
  EXPECT_EQ(chart->notes[1], "2 trials failed or cancelled and in no mean; how far one came: oodml curves trial 9");
}

TEST_F(SweepChartTest, RowsAreNamedByTheAxesThatTellThemApart) {
  figures_.rows[1].labels[1].second = "2";
  EXPECT_EQ(sweep_chart(figures_, {})->names[1], "criterion=triplet split=2, n 0/1");
  figures_.rows = {figures_.rows[0]};
  figures_.rows[0].labels.clear();
  EXPECT_EQ(sweep_chart(figures_, {})->names[0], "all, n 1-2/3");
}

TEST_F(SweepChartTest, WithoutAFigureItSaysSo) {
  figures_.rows[0].trials.clear();
  EXPECT_EQ(sweep_chart(figures_, {"nmi"})->notes[0], "No figures yet: the first come with the end of an epoch.");
  figures_.sweep.set_state("finished");
  EXPECT_EQ(sweep_chart(figures_, {"nmi"})->notes[0],
            "No figures: no trial of these rows came to the end of an epoch.");
}

}  // namespace
}  // namespace oodml::cli::curves
