#include "coordinator/cli/output/history_text.h"

#include "coordinator/cli/output/trial_text.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

using HistoryTest = CliTest;

v1::Attempt attempt(std::int64_t number, std::int64_t started, const std::string& outcome, bool is_earlier) {
  v1::Attempt result;
  result.set_attempt(number);
  result.set_worker_id("node1");
  result.set_slot("cpu:0");
  result.set_started_millis(kNow + started * 1000);
  result.set_finished_millis(kNow + (started + 10) * 1000);
  result.set_outcome(outcome);
  result.set_is_earlier_run(is_earlier);
  return result;
}

v1::Metric recall(std::int64_t epoch, double value) {
  v1::Metric metric;
  metric.set_set("test");
  metric.set_name("e_recall@1");
  metric.set_epoch(epoch);
  metric.set_value(value);
  return metric;
}

/// A failure and a success in the first run, which sweep 5 asked for again; a retry of which nobody knows.
v1::GetTrialReply sample_reply() {
  v1::GetTrialReply reply;
  *reply.mutable_trial() = sample_trial(17, "succeeded", {{"seed", "1"}});
  reply.add_sweep_ids(5);
  reply.add_sweep_ids(3);
  *reply.add_attempts() = attempt(1, 0, "failed", true);
  *reply.add_attempts() = attempt(2, 20, "succeeded", true);
  *reply.mutable_attempts(1)->add_results() = recall(7, 0.65);
  *reply.add_attempts() = attempt(3, 100, "succeeded", true);
  *reply.mutable_attempts(2)->add_results() = recall(3, 0.6);
  *reply.add_attempts() = attempt(4, 200, "succeeded", false);
  *reply.add_metrics() = recall(1, 0.5);
  *reply.add_metrics() = recall(2, 0.7);
  return reply;
}

std::vector<v1::SweepSummary> sample_sweeps() {
  v1::SweepSummary first = sample_sweep("finished", 1, 0, 0, 0), second = first;
  second.set_sweep_id(5);
  second.set_name("again");
  second.set_owner("bob");
  second.set_created_millis(kNow + 50'000);
  return {first, second};
}

TEST_F(HistoryTest, AttemptsAreRunsWithTheirResultsAndTheSweepThatAskedForThem) {
  const auto runs = runs_of(sample_reply(), sample_sweeps());
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].attempts.size(), 2u);
  EXPECT_EQ(runs[0].best.at(0).value(), 0.65);
  EXPECT_EQ(runs[1].asked_by_sweep, 5);
  EXPECT_FALSE(runs[1].counts);
  EXPECT_EQ(runs[2].asked_by_sweep, 0);
  EXPECT_TRUE(runs[2].counts);
  ASSERT_EQ(runs[2].best.size(), 1u);
  EXPECT_EQ(runs[2].best[0].epoch(), 2);
}

TEST_F(HistoryTest, TheTextSaysWhichRunCounts) {
  const std::string text = history_text(sample_reply(), sample_sweeps(), kNow + 300'000, {});
  for (
      const char* part :
      {"Trial 17  seed=1  succeeded\nIn sweep 3 smoke, submitted 2026-11-22T05:05:47 UTC\nIn sweep 5 again of bob, ",
       "\n\nRun 1, which counts no more: test e_recall@1 65.00 % at epoch 7\nATTEMPT",
       "\n\nRun 2, asked for by sweep 5 again of bob, which counts no more: test e_recall@1 60.00 % at epoch 3\n",
       "\n\nRun 3, again for a reason that is not kept (retry, or other data), which counts: test e_recall@1 70.00 %"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text;
  }
}

TEST_F(HistoryTest, ATrialThatNeverStartedSaysSo) {
  v1::GetTrialReply reply;
  *reply.mutable_trial() = sample_trial(17, "queued", {});
  EXPECT_EQ(history_text(reply, {}, kNow, {}), "Trial 17    queued\nIt was never started.\n");
}

TEST_F(HistoryTest, TheCommandAsksForTheTrialAndItsSweeps) {
  service_.trial_reply = sample_reply();
  *service_.get_pages[0].mutable_sweep() = sample_sweep("finished", 1, 0, 0, 0);
  EXPECT_EQ(run({"history", "17"}).code, 0);
  ASSERT_EQ(service_.gets.size(), 2u);
  EXPECT_EQ(service_.gets[0].sweep().sweep_id(), 3) << "the oldest first";
  const Json json = Json::parse(run({"history", "17", "-o", "json"}).out);
  EXPECT_EQ(json["runs"].size(), 3u);
  EXPECT_EQ(json["runs"][2]["counts"], true);
  EXPECT_EQ(run({"history", "smoke"}).code, 2);
}

TEST(HistoryTextTest, ThinnedCurvesAreMarked) {
  v1::GetTrialReply reply;
  *reply.mutable_trial() = sample_trial(13, "succeeded", {{"seed", "0"}});
  EXPECT_EQ(trial_text(reply, 0, {}).find("Curves"), std::string::npos);
  reply.set_points_kept(37);
  reply.set_points_gone(363);
  EXPECT_NE(trial_text(reply, 0, {}).find("Curves thinned: 37 of 400 points are left, "), std::string::npos);
  EXPECT_NE(history_text(reply, {}, 0, {}).find("\nCurves thinned: 37 of 400 points are left, "), std::string::npos);
}

}  // namespace
}  // namespace oodml::cli
