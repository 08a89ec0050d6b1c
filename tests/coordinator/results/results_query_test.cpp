#include <cmath>
#include <limits>
#include <numeric>

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;

class ResultsTest : public ServiceTest {
 protected:
  /// Runs the next trial to its end on a split of that FID with that recall.
  void run_on_split(double fid, double recall) {
    connect("a");
    const job::Lease lease = acquire("a").lease;
    ASSERT_TRUE(push("a", lease, 1,
                     {metric(0, "fid", fid), metric(1, "e_recall@1", recall), metric(2, "e_recall@1", recall - 0.1)}));
    ASSERT_TRUE(finish(lease, Outcome::kSucceeded, 3).ok());
  }
  /// Runs the next trial to its end with these recalls, one an epoch, and a loss.
  job::Lease run(const std::vector<double>& recalls, Outcome outcome = Outcome::kSucceeded) {
    connect("a");
    const job::Lease lease = acquire("a").lease;
    std::vector<job::EventBody> bodies;
    for (std::size_t i = 0; i < recalls.size(); ++i) {
      const auto epoch = static_cast<std::int64_t>(i + 1);
      bodies.push_back(metric(epoch, "e_recall@1", recalls[i]));
      bodies.push_back(metric(epoch, "loss", 1.0 / static_cast<double>(epoch), "train"));
    }
    EXPECT_TRUE(push("a", lease, 1, bodies));
    EXPECT_TRUE(finish(lease, outcome, static_cast<std::int64_t>(bodies.size())).ok());
    return lease;
  }
  ResultsTable table(ResultsQuery query) {
    query.sweep.id = {1};
    auto result = sweeps().results(query);
    EXPECT_TRUE(result) << result.error().text();
    return result.value_or(ResultsTable{});
  }
  std::string refusal(ResultsQuery query) {
    query.sweep.id = {1};
    const auto result = sweeps().results(query);
    return result ? "accepted" : result.error().message();
  }
};

TEST_F(ResultsTest, RowsAreMeansOverTheReplicatesAndHolesAreShown) {
  submit({.criteria = {"margin", "triplet"}, .seeds = {0, 1, 2}});
  run({0.2, 0.5, 0.4});
  run({0.6, 0.1});
  run({0.9}, Outcome::kNumeric);
  const ResultsTable results = table({});
  EXPECT_EQ(results.by, std::vector<std::string>{"criterion"});
  ASSERT_EQ(results.rows.size(), 2u);
  EXPECT_EQ(results.n, 2);
  EXPECT_EQ(results.n_expected, 6);

  const ResultRow& margin = results.rows[0];
  EXPECT_EQ(margin.labels[0].second, "margin");
  EXPECT_EQ(margin.n, 2);
  EXPECT_EQ(margin.n_expected, 3);
  ASSERT_EQ(margin.statistics.size(), 2u) << "e_recall@1 and nmi, as the trials declare; loss is not shown";
  const Statistic& recall = margin.statistics[0];
  EXPECT_EQ(recall.metric, "e_recall@1");
  EXPECT_EQ(recall.n, 2);
  EXPECT_NEAR(recall.best.mean, 0.55, 1e-15);
  EXPECT_NEAR(recall.best.sd, std::sqrt(0.005), 1e-15);
  EXPECT_NEAR(recall.best.half_width, 12.706204736174694 * 0.05, 1e-9);
  EXPECT_NEAR(recall.last.mean, 0.25, 1e-15);
  EXPECT_EQ(recall.best_epoch_mean, 1.5);
  EXPECT_EQ(recall.selected.n, 0);
  EXPECT_EQ(margin.statistics[1].n, 0) << "nmi was declared and not measured";
  EXPECT_TRUE(std::isnan(results.rows[1].statistics[0].best.mean));
}

TEST_F(ResultsTest, AResumedTrialsCourseIsThatOfItsAttemptsTogether) {
  submit({});
  run({0.1, 0.7, 0.3}, Outcome::kPreempted);
  connect("a");
  const job::Lease second = acquire("a").lease;  // goes on after the checkpoint of epoch 2
  ASSERT_TRUE(push("a", second, 1, {metric(3, "e_recall@1", 0.4), metric(4, "e_recall@1", 0.5)}));
  ASSERT_TRUE(finish(second, Outcome::kSucceeded, 2).ok());
  const Statistic recall = table({}).rows[0].statistics[0];
  EXPECT_EQ(recall.best.mean, 0.7);
  EXPECT_EQ(recall.best_epoch_mean, 2.0);
  EXPECT_EQ(recall.last.mean, 0.5);
  EXPECT_EQ(recall.n, 1) << "one trial, one figure";
  const auto metrics = sweeps().get_trial(second.trial, 0, 0)->metrics;
  EXPECT_EQ(metrics.size(), 4u + 3u) << "recall of four epochs, loss of three";
}

TEST_F(ResultsTest, GroupsFiltersAndSorts) {
  submit({.criteria = {"margin", "triplet", "arcface"}, .seeds = {0, 1}});
  for (const double recall : {0.5, 0.7, 0.9, 0.8, 0.1, 0.2}) run({recall});
  const auto first_labels = [](const ResultsTable& results) {
    std::vector<std::string> labels;
    for (const ResultRow& row : results.rows) labels.push_back(row.labels[0].second);
    return labels;
  };
  using Labels = std::vector<std::string>;
  EXPECT_EQ(first_labels(table({.sort = "-e_recall@1"})), (Labels{"triplet", "margin", "arcface"}));
  EXPECT_EQ(first_labels(table({.sort = "e_recall@1"})), (Labels{"arcface", "margin", "triplet"}));
  EXPECT_EQ(first_labels(table({.sort = "-criterion"})), (Labels{"arcface", "triplet", "margin"}));
  EXPECT_EQ(first_labels(table({.by = {"seed"}})), (Labels{"0", "1"}));
  EXPECT_NEAR(table({.by = {"seed"}}).rows[1].statistics[0].best.mean, (0.7 + 0.8 + 0.2) / 3, 1e-15);
  const ResultsTable both = table({.by = {"seed", "criterion"}});
  EXPECT_EQ(both.rows.size(), 6u);
  EXPECT_EQ(both.rows[0].labels,
            (std::vector<std::pair<std::string, std::string>>{{"seed", "0"}, {"criterion", "margin"}}));
  const ResultsTable some = table({.filter = {{"criterion", "margin"}, {"criterion", "arcface"}, {"seed", "1"}}});
  EXPECT_EQ(some.n, 2);
  EXPECT_EQ(some.rows[1].statistics[0].best.mean, 0.2);
  const ResultsTable loss = table({.metrics = {"train:loss"}});
  EXPECT_EQ(loss.rows[0].statistics[0].set, "train");
  EXPECT_EQ(loss.rows[0].statistics[0].last.mean, 1.0);
}

TEST_F(ResultsTest, AFewShotStudyShowsZeroShotFewShotAndGainSideBySide) {
  SweepText text = TestSweep{.seeds = {0, 1}, .set = "val"}.text();
  text.overrides = {{"few_shot.shots", "2"}};
  Answer<SubmitView> answer;
  sweeps().submit(text, "", {}, answer.reply());
  ASSERT_TRUE(answer.get());
  drain();
  connect("a");
  for (const double gain : {0.1, -0.3}) {
    const job::Lease lease = acquire("a").lease;
    const double few = 0.5 * (1 + gain);
    ASSERT_TRUE(push("a", lease, 1,
                     {metric(1, "e_recall@1", 0.8, "val"), metric(2, "e_recall@1", 0.7, "val"),
                      metric(2, "few_shot.e_recall@1", 0.1, "episode-0"), metric(2, "zero_shot.e_recall@1", 0.5),
                      metric(2, "few_shot.e_recall@1", few), metric(2, "few_shot_conf.e_recall@1", 0.02),
                      metric(2, "gain.e_recall@1", gain)}));
    ASSERT_TRUE(finish(lease, Outcome::kSucceeded, 7).ok());
  }
  const ResultRow row = table({}).rows.at(0);
  std::vector<std::string> names;
  for (const Statistic& statistic : row.statistics) names.push_back(statistic.set + ":" + statistic.metric);
  EXPECT_EQ(names,
            (std::vector<std::string>{"test:zero_shot.e_recall@1", "test:few_shot.e_recall@1", "test:gain.e_recall@1",
                                      "test:zero_shot.nmi", "test:few_shot.nmi", "test:gain.nmi"}));
  EXPECT_EQ(row.statistics[0].last.mean, 0.5);
  EXPECT_NEAR(row.statistics[1].best.mean, 0.45, 1e-15);
  EXPECT_NEAR(row.statistics[2].best.mean, -0.1, 1e-15);
  EXPECT_EQ(row.statistics[1].n, 2);
  EXPECT_EQ(row.statistics[1].selected.n, 0);
  EXPECT_NEAR(table({.metrics = {"few_shot.e_recall@1"}}).rows[0].statistics[0].best.mean, 0.45, 1e-15);
  EXPECT_EQ(table({.metrics = {"few_shot_conf.e_recall@1"}}).rows[0].statistics[0].best.mean, 0.02);
  EXPECT_EQ(table({.metrics = {"episode-0:few_shot.e_recall@1"}}).rows[0].statistics[0].best.mean, 0.1);
  const std::string refused = refusal({.metrics = {"few_shot.recall"}});
  EXPECT_EQ(refused.find("episode-0:few_shot.nmi"), std::string::npos) << refused;
  EXPECT_NE(refused.find("those of each episode as episode-0:few_shot.e_recall@1"), std::string::npos) << refused;
}

TEST_F(ResultsTest, GroupsAreShownWhereTheyAreAskedFor) {
  submit({.criteria = {"margin", "triplet"}, .seeds = {0, 1}, .grouped = true});
  EXPECT_EQ(table({}).by, std::vector<std::string>{"criterion"});
  const ResultsTable groups = table({.by = {"group"}});
  ASSERT_EQ(groups.rows.size(), 2u);
  EXPECT_EQ(groups.rows[1].labels[0], (std::pair<std::string, std::string>{"group", "triplet"}));
  EXPECT_EQ(groups.rows[1].n_expected, 2);
}

TEST_F(ResultsTest, OverAnAxisEachSeedsSeriesIsScoredFirstAndHolesAreMissing) {
  // The axis stands for splits here, and groups, which say the same in one word, do not part a series.
  submit({.criteria = {"near", "middle", "far"}, .seeds = {0, 1}, .grouped = true});
  for (const auto& [fid, recall] :
       std::vector<std::pair<double, double>>{{10, 0.9}, {10, 0.8}, {20, 0.7}, {20, 0.6}, {50, 0.3}}) {
    run_on_split(fid, recall);
  }
  const ResultsTable holes = table({.over = "criterion"});
  EXPECT_EQ(holes.over, "criterion");
  EXPECT_TRUE(holes.by.empty());
  ASSERT_EQ(holes.rows.size(), 1u);
  EXPECT_EQ(holes.rows[0].n, 1) << "seed 1 has no figure at the far split: no shorter curve, a hole";
  EXPECT_EQ(holes.rows[0].n_expected, 2);
  const Statistic& one = holes.rows[0].statistics[0];
  EXPECT_EQ(one.n, 1);
  const double first = (10 * 0.8 + 30 * 0.5) / 40;
  EXPECT_NEAR(one.best.mean, first, 1e-12);
  EXPECT_NEAR(one.last.mean, first - 0.1, 1e-12);

  run_on_split(50, 0.4);
  const double second = (10 * 0.7 + 30 * 0.5) / 40;
  const ResultsTable whole = table({.over = "criterion"});
  EXPECT_NEAR(whole.rows[0].statistics[0].best.mean, (first + second) / 2, 1e-12);
  EXPECT_NEAR(whole.rows[0].statistics[0].best.sd, std::abs(first - second) / std::sqrt(2.0), 1e-12);
  EXPECT_EQ(table({.by = {"seed"}, .over = "criterion"}).rows.size(), 2u);
  EXPECT_EQ(table({.metrics = {"fid"}}).rows[2].statistics[0].last.mean, 50);
}

TEST_F(ResultsTest, OverAnAxisWantsAnAxisBesideTheRowsAndSplitsOfKnownFid) {
  submit({.criteria = {"margin"}, .seeds = {0, 1}});
  run({0.5});
  EXPECT_EQ(refusal({.over = "colour"}), "sweep study has no axis 'colour'; it has criterion, seed");
  EXPECT_EQ(refusal({.by = {"seed"}, .over = "seed"}),
            "axis seed cannot be both that of the rows and the one to aggregate over");
  EXPECT_EQ(refusal({.over = "criterion"}),
            "no trial of sweep study has reported the FID of its split; wanted are split ids whose file gives one");
}

TEST_F(ResultsTest, WhatTheSweepDoesNotHaveIsAnsweredWithWhatItHas) {
  submit({.criteria = {"margin"}, .seeds = {0, 1}});
  EXPECT_EQ(refusal({.by = {"colour"}}), "sweep study has no axis 'colour'; it has criterion, seed");
  EXPECT_EQ(refusal({.metrics = {"mAP"}}), "sweep study has no metric 'mAP'; it has e_recall@1, nmi");
  EXPECT_EQ(refusal({.filter = {{"seed", "9"}}}), "axis seed of sweep study has no label '9'; it has 0, 1");
  EXPECT_EQ(refusal({.by = {"criterio"}}),
            "sweep study has no axis 'criterio'; it has criterion, seed; did you mean 'criterion'?");
  EXPECT_EQ(refusal({.metrics = {"e_recal@1"}}),
            "sweep study has no metric 'e_recal@1'; it has e_recall@1, nmi; did you mean 'e_recall@1'?");
  EXPECT_EQ(refusal({.filter = {{"criterion", "marign"}}}),
            "axis criterion of sweep study has no label 'marign'; it has margin; did you mean 'margin'?");
  EXPECT_EQ(refusal({.sort = "-speed"}),
            "cannot sort by 'speed'; the table has the axes criterion and the metrics e_recall@1, nmi");
  EXPECT_NE(refusal({.sort = "-critrion"}).find("; did you mean 'criterion'?"), std::string::npos);
  EXPECT_EQ(sweeps().results({.sweep = {.name = "ghost"}}).error().code(), StatusCode::kNotFound);
}

TEST_F(ResultsTest, RowsThatWereSeenAreLeftOut) {
  submit({.criteria = {"margin", "triplet", "proxynca"}, .seeds = {0}});
  run({0.2});
  run({0.6});
  run({0.4});
  const ResultsTable all = table({.sort = "-e_recall@1"});
  ASSERT_EQ(all.rows.size(), 3u);
  EXPECT_EQ(all.rows[0].labels[0].second, "triplet");
  EXPECT_EQ(all.rows_left_out, 0);
  const ResultsTable rest = table({.sort = "-e_recall@1", .after_row = 1});
  ASSERT_EQ(rest.rows.size(), 2u);
  EXPECT_EQ(rest.rows[0].labels[0].second, "proxynca");
  EXPECT_EQ(rest.rows[0].statistics[0].best.mean, 0.4);
  EXPECT_EQ(rest.n, 3) << "of the whole table";
  EXPECT_TRUE(table({.after_row = 9}).rows.empty());
}

TEST_F(ResultsTest, ALongTableComesInPagesThatTogetherAreTheWhole) {
  std::vector<int> seeds(13'000);
  std::iota(seeds.begin(), seeds.end(), 0);
  submit({.seeds = seeds});
  run({0.2});
  std::vector<std::string> labels;
  std::int64_t left = 1;
  while (left > 0) {
    const ResultsTable page = table({.by = {"seed"}, .after_row = static_cast<std::int64_t>(labels.size())});
    ASSERT_FALSE(page.rows.empty());
    for (const ResultRow& row : page.rows) labels.push_back(row.labels[0].second);
    left = page.rows_left_out;
    EXPECT_EQ(left, std::ssize(seeds) - std::ssize(labels));
  }
  ASSERT_EQ(labels.size(), seeds.size());
  for (const int seed : seeds) EXPECT_EQ(labels[static_cast<std::size_t>(seed)], std::to_string(seed));
}

TEST_F(ResultsTest, EveryFigureOfATrialsPresentRunIsReadInOrder) {
  submit({.seeds = {0, 1}});
  run({0.2, 0.5});
  run({0.4});
  const MetricPage page = *sweeps().metrics({.sweep = {.id = {1}}});
  EXPECT_FALSE(page.next);
  EXPECT_EQ(page.axes, (std::vector<std::string>{"criterion", "seed"}));
  ASSERT_EQ(page.points.size(), 6u) << "recall and loss of three epochs";
  EXPECT_EQ(page.points[0].trial, TrialId{1});
  EXPECT_EQ(std::get<job::Metric>(page.points[2].body).value, 0.5);
  EXPECT_EQ(page.points[4].trial, TrialId{2});
  EXPECT_EQ(page.labels.at(TrialId{2}).at("seed"), "1");

  const MetricPage rest =
      *sweeps().metrics({.sweep = {.id = {1}}, .after = {.trial = {1}, .attempt = 1, .sequence = 3}});
  ASSERT_EQ(rest.points.size(), 3u);
  EXPECT_EQ(rest.points[0].sequence, 4);
  EXPECT_EQ(sweeps().metrics({.trial = {2}})->points.size(), 2u);
  EXPECT_EQ(sweeps().metrics({.trial = {9}}).error().code(), StatusCode::kNotFound);
}

TEST_F(ResultsTest, FiguresOfTrialsWithSomeLabelsAreReadAlone) {
  submit({.seeds = {0, 1, 2}});
  for (int trial = 0; trial < 3; ++trial) run({0.5});
  const MetricPage page = *sweeps().metrics({.sweep = {.id = {1}}, .where = {"seed=1..2"}});
  ASSERT_EQ(page.points.size(), 4u) << "recall and loss of two trials";
  EXPECT_EQ(page.points.front().trial, TrialId{2});
  EXPECT_FALSE(page.labels.contains(TrialId{1}));
  EXPECT_EQ(sweeps().metrics({.sweep = {.id = {1}}, .where = {"seed=7"}}).error(),
            Status(StatusCode::kInvalidArgument, "axis seed of sweep study has no label '7'; it has 0, 1, 2"));
}

TEST_F(ResultsTest, FiguresOfARunThatCountsNoMoreAreLeftOut) {
  submit({});
  run({0.2});
  Answer<SubmitView> again;
  sweeps().submit(TestSweep{}.text(), "", {.rerun = true}, again.reply());
  ASSERT_TRUE(again.get());
  EXPECT_TRUE(sweeps().metrics({.sweep = {.id = {1}}})->points.empty());
  run({0.7});
  const MetricPage page = *sweeps().metrics({.sweep = {.id = {1}}});
  ASSERT_EQ(page.points.size(), 2u);
  EXPECT_EQ(page.points[0].attempt, 2);
}

TEST_F(ResultsTest, AShownTrialHasItsBestRecallBesideItsLast) {
  submit({});
  run({0.2, 0.5, 0.4});
  const TrialView shown = trial({1});
  EXPECT_EQ(shown.newest_recall->value, 0.4);
  ASSERT_TRUE(shown.best_recall);
  EXPECT_EQ(shown.best_recall->value, 0.5);
  EXPECT_EQ(shown.best_recall->epoch, 2);
}

TEST_F(ResultsTest, ASharedTrialsFiguresAreInBothTables) {
  submit({.name = "one"});
  run({0.5});
  submit({.name = "two"});
  const ResultsTable second = *sweeps().results({.sweep = {.name = "two"}});
  EXPECT_EQ(second.n, 1);
  EXPECT_EQ(second.rows[0].statistics[0].best.mean, 0.5);
}

TEST_F(ResultsTest, ASweepWithoutATestSetShowsWhatItMeasures) {
  submit({.set = "val"});
  const ResultsTable results = table({});
  ASSERT_EQ(results.rows[0].statistics.size(), 2u);
  EXPECT_EQ(results.rows[0].statistics[0].set, "val");
}

}  // namespace
}  // namespace oodml::coordinator::testing
