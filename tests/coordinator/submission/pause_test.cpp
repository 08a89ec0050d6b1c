// Pauses that stop what runs, and those that let it end.

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;

class PauseTest : public ServiceTest {};

TEST_F(PauseTest, StopsWhatRunsWithACheckpointAndResumeGoesOn) {
  submit({.seeds = {0, 1}});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  ASSERT_TRUE(push("a", lease, 1, {metric(1, "e_recall@1", 0.5)}));
  const ChangeView paused = change(SweepChange::kPause, {1});
  EXPECT_EQ(paused.changed, 2);
  EXPECT_EQ(beat("a", lease), job::Directive::kStop);
  ASSERT_TRUE(finish(lease, Outcome::kPreempted, 1).ok());
  EXPECT_EQ(view({1}).counts, (StateCounts{.paused = 2}));
  EXPECT_FALSE(ask("a")->has_value());
  EXPECT_EQ(change(SweepChange::kResume, {1}).changed, 2);
  const job::LeasedTrial again = acquire("a");
  EXPECT_EQ(again.earlier_attempts, std::vector<AttemptEpoch>{1}) << "it goes on from its checkpoint";
  ASSERT_TRUE(push("a", again.lease, 1, {metric(2, "e_recall@1", 0.6)}));
  ASSERT_TRUE(finish(again.lease, Outcome::kSucceeded, 1).ok());
  EXPECT_EQ(sweeps().get_trial({1}, 0, 0)->metrics.size(), 2u) << "no epoch lost, none twice";
}

TEST_F(PauseTest, AfterRunningLetsWhatRunsGoOnAndPausesItOnlyWithoutAResult) {
  submit({.seeds = {0, 1, 2}});
  connect("a", 2);
  const job::Lease good = acquire("a", "cpu:0").lease;
  const job::Lease bad = acquire("a", "cpu:1").lease;
  const ChangeView paused = change(SweepChange::kPauseAfterRunning, {1});
  EXPECT_EQ(paused.changed, 1) << "only the one that waits";
  EXPECT_EQ(paused.sweep.state, "paused");
  EXPECT_EQ(beat("a", good), job::Directive::kContinue);
  restart();
  connect("a", 2);
  EXPECT_EQ(beat("a", good), job::Directive::kContinue) << "after a restart too";
  ASSERT_TRUE(finish(good, Outcome::kSucceeded).ok());
  ASSERT_TRUE(finish(bad, Outcome::kInfrastructure).ok());
  EXPECT_EQ(view({1}).counts, (StateCounts{.paused = 2, .succeeded = 1}));
  EXPECT_EQ(change(SweepChange::kResume, {1}).changed, 2);
}

TEST_F(PauseTest, APlainPauseStopsWhatAnEarlierOneLetRunAndAnotherSweepMayKeepIt) {
  submit({.name = "one"});
  submit({.name = "two"});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  change(SweepChange::kPause, {1});
  change(SweepChange::kPauseAfterRunning, {2});
  EXPECT_EQ(beat("a", lease), job::Directive::kContinue) << "the second sweep lets it run";
  EXPECT_EQ(change(SweepChange::kPause, {2}).changed, 1);
  EXPECT_EQ(beat("a", lease), job::Directive::kStop);
  EXPECT_EQ(change(SweepChange::kPauseAfterRunning, {2}).changed, 0) << "it is paused already";
  EXPECT_EQ(change(SweepChange::kResume, {2}).changed, 1);
  EXPECT_EQ(beat("a", lease), job::Directive::kContinue);
}

}  // namespace
}  // namespace oodml::coordinator::testing
