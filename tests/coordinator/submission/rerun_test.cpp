// Trials that begin afresh, and what becomes of their earlier results.

#include "tests/coordinator/submission/reuse_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;
using job::TrialState;

using RerunTest = ReuseTest;

TEST_F(RerunTest, ARerunBeginsAfreshAndTheOldResultStaysInItsHistory) {
  submit({.name = "one"});
  const job::Lease old = run(kBirds, 0.5);
  const SubmitView second = *submit_with({.name = "two"}, {.rerun = true}, {}, "r-1");
  EXPECT_EQ(second.rerun_trials, 1);
  EXPECT_EQ(second.new_trials, 0);
  EXPECT_EQ(trial({1}).state, TrialState::kQueued);
  EXPECT_FALSE(trial({1}).newest_recall);
  EXPECT_TRUE(detail(1).metrics.empty()) << "the old courses are not the new run's";
  for (const std::int64_t sweep : {1, 2}) {
    EXPECT_EQ(table(sweep).rows.at(0).n, 0) << "sweep " << sweep << " shows the hole";
    EXPECT_EQ(view({sweep}).state, "running");
  }
  EXPECT_EQ(submit_with({.name = "two"}, {.rerun = true}, {}, "r-1")->sweep, second.sweep)
      << "asked again, not run again";
  EXPECT_TRUE(finish(old, Outcome::kSucceeded).ok()) << "a late repeat of the old end changes nothing";
  EXPECT_EQ(trial({1}).state, TrialState::kQueued);

  connect("runner");
  const job::LeasedTrial leased = acquire("runner");
  EXPECT_EQ(leased.lease.attempt, 2);
  EXPECT_TRUE(leased.earlier_attempts.empty()) << "old checkpoints are not gone on from";
  ASSERT_TRUE(push("runner", leased.lease, 1,
                   {job::Identity{kResultsVersion, "0.1.0", "images of fashion_mnist=99"}, metric(1, "nmi", 0.1),
                    metric(2, "e_recall@1", 0.7)}));
  ASSERT_TRUE(finish(leased.lease, Outcome::kSucceeded, 3).ok());
  EXPECT_EQ(recall_of(1), 0.7);
  EXPECT_EQ(recall_of(2), 0.7);
  EXPECT_EQ(table(2).rows[0].statistics[0].last.mean, 0.7) << "no epoch of the old run";

  const TrialDetail shown = detail(1);
  ASSERT_EQ(shown.attempts.size(), 2u);
  EXPECT_TRUE(shown.attempts[0].is_earlier_run);
  EXPECT_EQ(shown.attempts[0].results, std::vector<job::Metric>{metric(1, "e_recall@1", 0.5)});
  EXPECT_EQ(shown.attempts[0].identity.data, kBirds);
  EXPECT_FALSE(shown.attempts[1].is_earlier_run);
  EXPECT_EQ(shown.metrics.size(), 2u);
}

TEST_F(RerunTest, ARerunOfASelectionLeavesTheOthersAlone) {
  submit({.name = "one", .criteria = {"margin", "triplet"}, .seeds = {0, 1}});
  for (int i = 0; i < 4; ++i) run(kBirds, 0.5);
  const TestSweep again{.name = "two", .criteria = {"margin", "triplet"}, .seeds = {0, 1}};
  const SubmitView some = *submit_with(again, {.rerun = true, .rerun_only = {{"criterion", "margin"}, {"seed", "1"}}});
  EXPECT_EQ(some.rerun_trials, 1);
  EXPECT_EQ(trial({2}).state, TrialState::kQueued);
  EXPECT_EQ(view({2}).counts, (StateCounts{.queued = 1, .succeeded = 3}));
  const auto unknown = submit_with(again, {.rerun = true, .rerun_only = {{"seed", "9"}}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message(), "axis seed of sweep two has no label '9'; it has 0, 1");
  // What is not run again is checked all the same.
  connect_with("a", {{"images of fashion_mnist", "99"}});
  const auto stale = submit_with(again, {.rerun = true, .rerun_only = {{"seed", "0"}}});
  ASSERT_FALSE(stale);
  EXPECT_NE(stale.error().message().find("1 result that"), std::string::npos) << stale.error().message();
}

TEST_F(RerunTest, ARerunSparesWhatRunsAndFencesOffALostAttempt) {
  submit({.name = "one", .seeds = {0, 1}});
  connect("a", 2);
  const job::Lease running = acquire("a", "cpu:0").lease;
  const job::Lease lost = acquire("a", "cpu:1").lease;
  ASSERT_TRUE(push("a", lost, 1, {metric(1, "e_recall@1", 0.9)}));
  advance(100s);
  ASSERT_EQ(beat("a", running), job::Directive::kContinue);
  advance(100s);
  ASSERT_EQ(trial(lost.trial).state, TrialState::kBackoff);
  const SubmitView second = *submit_with({.name = "two", .seeds = {0, 1}}, {.rerun = true});
  EXPECT_EQ(second.rerun_trials, 1);
  ASSERT_EQ(second.notes.size(), 1u);
  EXPECT_NE(second.notes[0].find("1 trial runs just now"), std::string::npos) << second.notes[0];
  EXPECT_EQ(trial(running.trial).state, TrialState::kRunning);
  EXPECT_EQ(beat("a", running), job::Directive::kContinue);
  beat("a", lost);
  EXPECT_EQ(trial(lost.trial).state, TrialState::kQueued) << "its old attempt does not come back";
  EXPECT_EQ(beat("a", lost), job::Directive::kFenced);
  EXPECT_EQ(finish(lost, Outcome::kSucceeded, 1).code(), StatusCode::kAborted);
}

TEST_F(RerunTest, TheSweepThatHadTheOldResultKeepsWantingTheNewOne) {
  submit({.name = "one"});
  run(kBirds, 0.5);
  const SubmitView second = *submit_with({.name = "two"}, {.rerun = true});
  change(SweepChange::kCancel, second.sweep);
  EXPECT_EQ(trial({1}).state, TrialState::kQueued);
  run(kBirds, 0.6);
  EXPECT_EQ(recall_of(1), 0.6);
}

TEST_F(RerunTest, AnAttemptOnOtherDataThanTheOneBeforeItBeginsTheRunAfresh) {
  submit({});
  connect("a");
  const job::Lease first = acquire("a").lease;
  ASSERT_TRUE(push("a", first, 1,
                   {job::Identity{kResultsVersion, "0.1.0", kBirds}, metric(1, "e_recall@1", 0.9),
                    metric(1, "nmi", 0.9), metric(5, "e_recall@1", 0.95)}));
  ASSERT_TRUE(finish(first, Outcome::kPreempted, 4).ok());
  const job::LeasedTrial second = acquire("a");
  EXPECT_EQ(second.earlier_attempts, std::vector<AttemptEpoch>{1});
  ASSERT_TRUE(
      push("a", second.lease, 1,
           {job::Identity{kResultsVersion, "0.1.0", "images of fashion_mnist=99"}, metric(1, "e_recall@1", 0.3)}));
  EXPECT_EQ(detail(1).metrics, std::vector<job::Metric>{metric(1, "e_recall@1", 0.3)});
  ASSERT_TRUE(finish(second.lease, Outcome::kPreempted, 2).ok());
  const job::LeasedTrial third = acquire("a");
  EXPECT_EQ(third.earlier_attempts, std::vector<AttemptEpoch>{2});
  ASSERT_TRUE(
      push("a", third.lease, 1,
           {job::Identity{kResultsVersion, "0.1.0", "images of fashion_mnist=99"}, metric(2, "e_recall@1", 0.4)}));
  ASSERT_TRUE(finish(third.lease, Outcome::kSucceeded, 2).ok());
  const Statistic recall = table(1).rows[0].statistics[0];
  EXPECT_EQ(recall.best.mean, 0.4);
  EXPECT_EQ(recall.last.mean, 0.4);
  EXPECT_EQ(table(1).rows[0].statistics[1].n, 0) << "nmi was measured on the old data only";
  EXPECT_TRUE(detail(1).attempts[0].is_earlier_run);
  EXPECT_FALSE(detail(1).attempts[1].is_earlier_run);
}

}  // namespace
}  // namespace oodml::coordinator::testing
