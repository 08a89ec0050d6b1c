// How a worker ends, by a drain, a kill or for want of work, and what the next one finds of it.
#include "tests/support/process.h"
#include "tests/worker/lease_loop_fixture.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using job::Outcome;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::FakeCoordinator;
using testing::leased_trial;

class LeavingTest : public LeaseLoopTest {};

TEST_F(LeavingTest, ADrainStopsTrialsDeliversEverythingAndReturns) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->stop_politely();
  coordinator_.queue(leased_trial(2));
  loop_->drain();
  ASSERT_TRUE(returned());
  EXPECT_TRUE(result_.ok());
  EXPECT_EQ(outcome(trial), Outcome::kPreempted);
  EXPECT_EQ(coordinator_.events(trial.lease).size(), 1u);
  EXPECT_TRUE(fs::is_empty(spool_));
  EXPECT_EQ(launcher_.launched(), 1u) << "no new trials";
}

TEST_F(LeavingTest, AWorkerSaysThatItDrainsAndThatItLeaves) {
  coordinator_.queue(leased_trial(1));
  start();
  ASSERT_TRUE(launched(1));
  EXPECT_EQ(coordinator_.worker().slots.size(), 1u);
  loop_->drain();
  ASSERT_TRUE(eventually([&] { return coordinator_.worker().slots.empty(); }))
      << "while its trial writes its checkpoint";
  EXPECT_EQ(coordinator_.calls("leave"), 0);
  launcher_.child(0)->end({75, 0});
  ASSERT_TRUE(returned());
  EXPECT_EQ(coordinator_.calls("leave"), 1);
  const int beats = coordinator_.calls("heartbeat");
  clock_.advance(minutes(5));
  EXPECT_EQ(coordinator_.calls("heartbeat"), beats) << "nothing brings it back";
}

TEST_F(LeavingTest, ADrainWithoutACoordinatorLeavesTheOutcomeForTheNextLife) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->stop_politely();
  launcher_.child(0)->say(metric(1));
  coordinator_.set_away(true);
  loop_->drain();
  clock_.advance(minutes(20));
  ASSERT_TRUE(returned());
  EXPECT_FALSE(coordinator_.ended(trial.lease));
  loop_.reset();

  FakeCoordinator later;
  LeaseLoop next(options_, info_, later, launcher_, clock_);
  std::jthread thread([&] { EXPECT_TRUE(next.run().ok()); });
  ASSERT_TRUE(eventually([&] { return later.ended(trial.lease).has_value(); }));
  EXPECT_EQ(later.ended(trial.lease)->outcome, Outcome::kPreempted) << "it was drained, not lost";
  EXPECT_EQ(later.events(trial.lease).size(), 2u);
  next.kill_now();
}

TEST_F(LeavingTest, AClaimThatIsMadeWhileDrainingIsGivenBackAtOnce) {
  const auto trial = leased_trial(1);
  coordinator_.lose_replies("acquire", 1);
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("register") > 0; }));
  coordinator_.queue(trial);  // Claimed, and the reply is lost.
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("acquire") >= 1; }));
  loop_->drain();
  ASSERT_TRUE(returned());
  if (launcher_.launched() == 0) {
    ASSERT_TRUE(coordinator_.ended(trial.lease));
    EXPECT_EQ(outcome(trial), Outcome::kPreempted);
  }
}

TEST_F(LeavingTest, KillNowKillsAndKeepsTheOutcome) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  loop_->drain();
  ASSERT_TRUE(eventually([&] { return !launcher_.child(0)->signals().empty(); })) << "deaf to SIGTERM";
  loop_->kill_now();
  ASSERT_TRUE(returned());
  EXPECT_EQ(launcher_.child(0)->signals().back(), SIGKILL);
}

TEST_F(LeavingTest, AnAttemptThatDiedWithItsWorkerIsReportedAtOnce) {
  const auto trial = leased_trial(1);
  {
    const auto spool = EventSpool::create(spool_ / "1-1-aa.spool", trial.lease).value();
    ASSERT_TRUE(spool->append(clock_.now(), metric(1), clock_.steady_now()).ok());
  }
  testing::write_text(spool_ / "2-1-bb.spool", "H");      // Died while it was made.
  testing::write_text(spool_ / "3-1-cc.spool.new", "x");  // Died while it was compacted.
  start();
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kInfrastructure);
  EXPECT_EQ(coordinator_.ended(trial.lease)->message, "worker restarted");
  EXPECT_EQ(coordinator_.events(trial.lease).size(), 1u);
  EXPECT_TRUE(eventually([&] { return !fs::exists(spool_ / "1-1-aa.spool"); }));
  EXPECT_FALSE(fs::exists(spool_ / "3-1-cc.spool.new"));
}

TEST_F(LeavingTest, AnAttemptThatDiedWithItsWorkerMayCountAsStopped) {
  const auto trial = leased_trial(1);
  {
    ASSERT_TRUE(EventSpool::create(spool_ / "1-1-aa.spool", trial.lease).has_value());
  }
  options_.left_behind = Outcome::kPreempted;
  start();
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kPreempted);
}

TEST_F(LeavingTest, AnOutcomeWhoseReplyWasLostWithTheWorkerIsToldAgainAndCountsOnce) {
  const auto trial = leased_trial(1);
  {
    const auto spool = EventSpool::create(spool_ / "1-1-aa.spool", trial.lease).value();
    ASSERT_TRUE(spool->append(clock_.now(), job::Checkpoint{1, "checkpoints/0001", "ab"}, clock_.steady_now()).ok());
    ASSERT_TRUE(spool->append_finish(Outcome::kSucceeded, "").ok());
    ASSERT_TRUE(coordinator_.register_worker(info_, {}).has_value());
    ASSERT_TRUE(coordinator_.push_events(trial.lease, spool->next_batch(10)).has_value());
    const EndReport end{.request_id = spool->finish()->request_id,
                        .outcome = Outcome::kSucceeded,
                        .message = "",
                        .last_sequence = 1,
                        .events = {}};
    ASSERT_TRUE(coordinator_.finish(trial.lease, end, std::nullopt).has_value());
  }
  start();
  EXPECT_TRUE(spools_gone());
  EXPECT_EQ(coordinator_.calls("finish"), 2);
  EXPECT_EQ(coordinator_.ended(trial.lease)->times, 1);
}

TEST_F(LeavingTest, ALeftoverThatWasOvertakenIsDropped) {
  const auto trial = leased_trial(1);
  {
    ASSERT_TRUE(EventSpool::create(spool_ / "1-1-aa.spool", trial.lease).has_value());
  }
  coordinator_.overtake(trial.lease);
  start();
  EXPECT_TRUE(spools_gone());
  EXPECT_FALSE(coordinator_.ended(trial.lease));
}

TEST_F(LeavingTest, LeavesWhenThereHasBeenNoWorkForLong) {
  options_.exit_when_idle = seconds(60);
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  clock_.advance(minutes(5));
  const int heartbeats = coordinator_.calls("heartbeat");
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > heartbeats + 2; }));
  EXPECT_FALSE(returned_) << "a running trial is work";
  launcher_.child(0)->say(job::Done{});
  launcher_.child(0)->end({0, 0});
  EXPECT_TRUE(returned());
  EXPECT_EQ(outcome(trial), Outcome::kSucceeded);
}

TEST_F(LeavingTest, AWorkerThatLeavesWhenIdleIsIdleWithoutACoordinatorUnlessItHasSomethingToDeliver) {
  coordinator_.set_away(true);
  options_.exit_when_idle = minutes(1);
  start();
  clock_.advance(minutes(2));
  ASSERT_TRUE(returned());
  EXPECT_TRUE(loop_->gave_up());

  {
    ASSERT_TRUE(EventSpool::create(spool_ / "1-1-aa.spool", leased_trial(1).lease).has_value());
  }
  returned_ = false;
  thread_ = std::jthread();
  start();
  const int asked = coordinator_.calls("register");
  clock_.advance(hours(23));
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("register") > asked + 1; }));
  EXPECT_FALSE(returned_);
  ASSERT_TRUE(returned(minutes(10)));
  EXPECT_TRUE(fs::exists(spool_ / "1-1-aa.spool")) << "kept for the next start";
}

TEST_F(LeavingTest, BeforeItsTimeLimitAWorkerStopsItsTrialsWithACheckpointAndLeaves) {
  info_.ends_at = clock_.now() + hours(1);
  options_.time_reserve = minutes(2);
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  EXPECT_EQ(coordinator_.worker().ends_at, info_.ends_at);
  clock_.advance(minutes(57));
  const int heartbeats = coordinator_.calls("heartbeat");
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > heartbeats + 1; }));
  EXPECT_FALSE(returned_) << "three minutes are left";
  EXPECT_TRUE(launcher_.child(0)->signals().empty());
  launcher_.child(0)->stop_politely();
  clock_.advance(minutes(1));
  ASSERT_TRUE(returned());
  EXPECT_TRUE(result_.ok());
  EXPECT_EQ(outcome(trial), Outcome::kPreempted);
  EXPECT_NE(coordinator_.ended(trial.lease)->message.find("time limit"), std::string::npos);
  EXPECT_EQ(coordinator_.calls("leave"), 1);
}

TEST_F(LeavingTest, WithoutTimeForAnotherTrialAWorkerAsksForNone) {
  info_.ends_at = clock_.now() + minutes(3);
  options_.time_reserve = minutes(2);
  coordinator_.queue(leased_trial(1));
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.worker().set_aside.find("time limit") != std::string::npos; }));
  clock_.advance(minutes(2));
  ASSERT_TRUE(returned());
  EXPECT_EQ(launcher_.launched(), 0u);
}

TEST_F(LeavingTest, AWallClockThatIsSetDoesNotMoveTheTimeLimit) {
  info_.ends_at = clock_.now() + hours(1);
  coordinator_.queue(leased_trial(1));
  start();
  ASSERT_TRUE(launched(1));
  clock_.step_wall(hours(5));
  const int heartbeats = coordinator_.calls("heartbeat");
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > heartbeats + 1; }));
  EXPECT_FALSE(returned_);
}

}  // namespace
}  // namespace oodml::worker
