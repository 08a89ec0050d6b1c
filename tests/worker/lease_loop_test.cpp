// The whole worker with a coordinator, processes and a clock that the test holds in its hand.
#include "worker/lease_loop.h"

#include <gtest/gtest.h>

#include <thread>

#include "core/job/limits.h"
#include "tests/support/fake_clock.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/fake_coordinator.h"
#include "tests/worker/fake_launcher.h"
#include "tests/worker/trials.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using job::Directive;
using job::Outcome;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::FakeClock;
using testing::FakeCoordinator;
using testing::FakeLauncher;
using testing::leased_trial;
using testing::TemporaryFolder;

class LeaseLoopTest : public ::testing::Test {
 protected:
  LeaseLoopTest() {
    fs::create_directories(folder_ / "runs");
    fs::create_directories(spool_);
    options_.tick = std::chrono::milliseconds(1);
    options_.slot.trial.core = "/core";
    options_.slot.trial.runs = folder_ / "runs";
    options_.slot.trial.stall = hours(100);
    options_.slot.trial.grace = hours(10);
    options_.slot.spool = spool_;
    options_.delivery = minutes(1);
    info_.id = WorkerId{"w-1"};
    info_.slots = {{"cpu:0", "cpu", 2, 0}};
  }
  ~LeaseLoopTest() override { stop(); }

  void start() {
    loop_ = std::make_unique<LeaseLoop>(options_, info_, coordinator_, launcher_, clock_);
    thread_ = std::jthread([this] {
      result_ = loop_->run();
      returned_ = true;
    });
  }
  void stop() {
    if (!loop_) return;
    loop_->kill_now();
    coordinator_.set_away(false);
    thread_ = std::jthread();
    loop_.reset();
  }
  /// Lets time pass, a tenth of a second a look, until `condition` holds.
  template <typename Condition>
  bool eventually(Condition condition) {
    const auto give_up = std::chrono::steady_clock::now() + seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      clock_.advance(std::chrono::milliseconds(100));
      coordinator_.wait_briefly();
    }
    return true;
  }
  bool launched(std::size_t count) {
    return eventually([&] { return launcher_.launched() >= count; });
  }
  bool ended(const job::LeasedTrial& trial) {
    return eventually([&] { return coordinator_.ended(trial.lease).has_value(); });
  }
  Outcome outcome(const job::LeasedTrial& trial) { return coordinator_.ended(trial.lease)->outcome; }
  bool spools_gone() {
    return eventually([&] { return fs::is_empty(spool_); });
  }
  /// Whether some spool on the disk holds `text`.
  bool spooled(const std::string& text) {
    for (const auto& entry : fs::directory_iterator(spool_)) {
      if (testing::read_text(entry.path()).find(text) != std::string::npos) return true;
    }
    return false;
  }
  bool returned() {
    return eventually([&] { return returned_.load(); });
  }

  TemporaryFolder folder_;
  const fs::path spool_ = folder_ / "spool";
  FakeClock clock_;
  FakeCoordinator coordinator_;
  FakeLauncher launcher_;
  LoopOptions options_;
  job::WorkerInfo info_;
  std::unique_ptr<LeaseLoop> loop_;
  Status result_;
  std::atomic<bool> returned_{false};
  std::jthread thread_;
};

job::EventBody metric(int epoch) { return job::Metric{epoch, "test", "embeds", "e_recall@1", 0.5}; }

TEST_F(LeaseLoopTest, ATrialIsRunAndItsEventsAndOutcomeDelivered) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->say(metric(1));
  ASSERT_TRUE(eventually([&] { return coordinator_.events(trial.lease).size() == 1; })) << "while it runs";
  launcher_.child(0)->say(job::Done{3});
  launcher_.child(0)->end({0, 0});
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kSucceeded);
  EXPECT_EQ(coordinator_.ended(trial.lease)->last_sequence, 2);
  EXPECT_TRUE(spools_gone());
}

TEST_F(LeaseLoopTest, TheCommandLineSaysWhereAndOnWhat) {
  options_.slot.trial.benchmarks_root = "/data";
  coordinator_.queue(leased_trial(1, 1));
  coordinator_.queue(leased_trial(1, 2));
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->end({0, 9});
  ASSERT_TRUE(launched(2));
  const fs::path runs = folder_ / "runs" / leased_trial(1).fingerprint;
  EXPECT_EQ(launcher_.spec(1).command,
            (std::vector<std::string>{"/core", "run", runs / "attempt-2/trial.yaml", "--run-dir", runs / "attempt-2",
                                      "--device", "cpu", "--threads", "2", "--die-with-parent", "--benchmarks-root",
                                      "/data", "--resume-from", runs / "attempt-1"}));
}

TEST_F(LeaseLoopTest, EverySlotRunsOneTrialAtATime) {
  info_.slots = {{"cpu:0", "cpu", 1, 0}, {"cpu:1", "cpu", 1, 0}};
  for (int i = 1; i <= 3; ++i) coordinator_.queue(leased_trial(i));
  start();
  ASSERT_TRUE(launched(2));
  ASSERT_TRUE(eventually([&] { return coordinator_.last_heartbeat().size() == 2; }));
  EXPECT_EQ(launcher_.launched(), 2u);
  launcher_.child(0)->say(job::Done{});
  launcher_.child(0)->end({0, 0});
  EXPECT_TRUE(launched(3));
}

TEST_F(LeaseLoopTest, LostRepliesDoNoHarm) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  for (const char* call : {"register", "acquire", "push", "checkpoint", "finish", "heartbeat"})
    coordinator_.lose_replies(call, 2);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->say(job::Checkpoint{1, "checkpoints/0001", "ab"});
  launcher_.child(0)->say(job::Done{});
  launcher_.child(0)->end({0, 0});
  ASSERT_TRUE(ended(trial));
  ASSERT_TRUE(spools_gone());
  EXPECT_EQ(coordinator_.ended(trial.lease)->times, 1) << "one outcome, asked for with one request id";
  EXPECT_EQ(coordinator_.events(trial.lease).size(), 2u);
  EXPECT_EQ(launcher_.launched(), 1u) << "the claim whose reply was lost was found again";
}

TEST_F(LeaseLoopTest, ACancelStopsTheChildAndIsReported) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->stop_politely();
  coordinator_.direct(trial.lease, Directive::kCancel);
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kCancelled);
  EXPECT_EQ(launcher_.child(0)->signals().front(), SIGTERM);
}

TEST_F(LeaseLoopTest, AStopIsAPreemptionAndTheSlotGoesOn) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->stop_politely();
  coordinator_.direct(trial.lease, Directive::kStop);
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kPreempted);
  coordinator_.queue(leased_trial(2));
  EXPECT_TRUE(launched(2));
}

TEST_F(LeaseLoopTest, AFencedAttemptIsKilledAndReportsNothing) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  coordinator_.overtake(trial.lease);
  ASSERT_TRUE(spools_gone());
  coordinator_.queue(leased_trial(2));
  ASSERT_TRUE(launched(2)) << "the slot goes on";
  EXPECT_EQ(launcher_.child(0)->signals().back(), SIGKILL);
  EXPECT_FALSE(coordinator_.ended(trial.lease));
}

TEST_F(LeaseLoopTest, AnOvertakenOutcomeIsDropped) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  coordinator_.set_away(true);
  launcher_.child(0)->say(job::Done{});
  launcher_.child(0)->end({0, 0});
  coordinator_.overtake(trial.lease);
  coordinator_.set_away(false);
  EXPECT_TRUE(spools_gone());
  EXPECT_FALSE(coordinator_.ended(trial.lease));
}

TEST_F(LeaseLoopTest, AFencedHeartbeatDoesNotThrowAwayAnOutcomeThatIsOnItsWay) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  coordinator_.set_away(true);
  launcher_.child(0)->say(job::Done{});
  launcher_.child(0)->end({0, 0});
  ASSERT_TRUE(eventually([&] { return spooled("succeeded"); }));
  coordinator_.direct(trial.lease, Directive::kFenced);  // The lease ran out, but nobody claimed the trial.
  clock_.advance(minutes(5));
  coordinator_.set_away(false);
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kSucceeded);
}

TEST_F(LeaseLoopTest, TrainingGoesOnThroughAnOutageAndEventsArriveAfterIt) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  coordinator_.set_away(true);
  for (int epoch = 1; epoch <= 50; ++epoch) launcher_.child(0)->say(metric(epoch));
  clock_.advance(minutes(59));
  const int heartbeats = coordinator_.calls("heartbeat");
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > heartbeats + 2; })) << "it keeps asking";
  EXPECT_TRUE(launcher_.child(0)->signals().empty());
  coordinator_.set_away(false);
  ASSERT_TRUE(eventually([&] { return coordinator_.events(trial.lease).size() == 50; }));
  launcher_.child(0)->say(job::Done{});
  launcher_.child(0)->end({0, 0});
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kSucceeded);
}

TEST_F(LeaseLoopTest, AfterAnOutageBeyondTheLimitTrialsStopWithACheckpoint) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->stop_politely();
  coordinator_.set_away(true);
  clock_.advance(minutes(61));
  ASSERT_TRUE(eventually([&] { return !launcher_.child(0)->signals().empty(); }));
  coordinator_.set_away(false);
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kPreempted);
  EXPECT_NE(coordinator_.ended(trial.lease)->message.find("cut off"), std::string::npos);
}

TEST_F(LeaseLoopTest, ACoordinatorThatForgotTheWorkerIsToldAgain) {
  const auto trial = leased_trial(1);
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > 0; }));
  coordinator_.forget_worker();
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("register") >= 2; }));
  coordinator_.queue(trial);
  EXPECT_TRUE(launched(1));
}

TEST_F(LeaseLoopTest, ACoordinatorRestoredFromABackupIsToldAllAgainWhileTheTrialGoesOn) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  for (int epoch = 1; epoch <= 5; ++epoch) launcher_.child(0)->say(metric(epoch));
  ASSERT_TRUE(eventually([&] { return coordinator_.events(trial.lease).size() == 5; }));
  coordinator_.restore(trial.lease, 2);
  launcher_.child(0)->say(metric(6));
  ASSERT_TRUE(eventually([&] { return coordinator_.events(trial.lease).size() == 6; }));
  EXPECT_TRUE(launcher_.child(0)->signals().empty());
  launcher_.child(0)->say(job::Done{});
  launcher_.child(0)->end({0, 0});
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kSucceeded);
  const auto events = coordinator_.events(trial.lease);
  ASSERT_EQ(events.size(), 7u);
  for (int epoch = 1; epoch <= 6; ++epoch) EXPECT_EQ(events[static_cast<std::size_t>(epoch) - 1].body, metric(epoch));
  EXPECT_EQ(launcher_.launched(), 1u);
}

TEST_F(LeaseLoopTest, ABackupFromBeforeTheLeaseCostsNothingEither) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->say(metric(1));
  ASSERT_TRUE(eventually([&] { return coordinator_.events(trial.lease).size() == 1; }));
  coordinator_.forget(trial.lease);
  launcher_.child(0)->say(metric(2));
  ASSERT_TRUE(eventually([&] { return coordinator_.events(trial.lease).size() == 2; }));
  EXPECT_TRUE(launcher_.child(0)->signals().empty());
}

TEST_F(LeaseLoopTest, AnOutcomeWhoseEventsWereLostInBetweenIsToldWithThem) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  for (int epoch = 1; epoch <= 3; ++epoch) launcher_.child(0)->say(metric(epoch));
  ASSERT_TRUE(eventually([&] { return coordinator_.events(trial.lease).size() == 3; }));
  coordinator_.set_away(true);
  coordinator_.restore(trial.lease, 1);
  launcher_.child(0)->end({0, 9});
  ASSERT_TRUE(eventually([&] { return spooled("\"outcome\""); }));
  coordinator_.set_away(false);
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(coordinator_.events(trial.lease).size(), 3u);
}

TEST_F(LeaseLoopTest, AResultWhoseEventsCannotBeToldAgainIsNotReportedWithoutThem) {
  const auto trial = leased_trial(1);
  const std::string text(4000, 'w');
  const auto count = static_cast<std::int64_t>(EventSpool::kMaxKept / text.size()) * 5 / 2;
  {
    const auto spool = EventSpool::create(spool_ / "1-1-aa.spool", trial.lease).value();
    for (std::int64_t i = 0; i < count; ++i) {
      ASSERT_TRUE(spool->append(clock_.now(), job::Warning{text}, clock_.steady_now()).ok());
    }
    spool->told_up_to(count);
    ASSERT_TRUE(spool->append_finish(Outcome::kSucceeded, "").ok());
  }
  start();  // The coordinator has nothing of it.
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kPreempted) << "the next attempt has them in its checkpoint";
  EXPECT_TRUE(coordinator_.events(trial.lease).empty());
}

TEST_F(LeaseLoopTest, ARefusalThatIsNoFenceStopsNothing) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  for (const StatusCode code :
       {StatusCode::kDataLoss, StatusCode::kFailedPrecondition, StatusCode::kUnimplemented, StatusCode::kNotFound}) {
    coordinator_.refuse_events(code);
    const std::size_t before = coordinator_.events(trial.lease).size();
    const int pushes = coordinator_.calls("push");
    launcher_.child(0)->say(metric(1));
    ASSERT_TRUE(eventually([&] { return coordinator_.calls("push") > pushes + 2; })) << "it asks again";
    EXPECT_TRUE(launcher_.child(0)->signals().empty());
    coordinator_.refuse_events(std::nullopt);
    ASSERT_TRUE(eventually([&] { return coordinator_.events(trial.lease).size() == before + 1; }));
  }
  EXPECT_EQ(launcher_.launched(), 1u);
}

TEST_F(LeaseLoopTest, EventsThatTheCoordinatorWillNeverTakeEndTheAttemptWithTheReason) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  coordinator_.queue(leased_trial(2));
  start();
  ASSERT_TRUE(launched(1));
  coordinator_.refuse_events(StatusCode::kInvalidArgument);
  launcher_.child(0)->say(metric(1));
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kBadConfiguration);
  EXPECT_NE(coordinator_.ended(trial.lease)->message.find("refuses its events"), std::string::npos);
  EXPECT_TRUE(launched(2)) << "the slot goes on";
}

TEST_F(LeaseLoopTest, ADrainStopsTrialsDeliversEverythingAndReturns) {
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

TEST_F(LeaseLoopTest, AWorkerSaysThatItDrainsAndThatItLeaves) {
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

TEST_F(LeaseLoopTest, ADrainWithoutACoordinatorLeavesTheOutcomeForTheNextLife) {
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

TEST_F(LeaseLoopTest, AClaimThatIsMadeWhileDrainingIsGivenBackAtOnce) {
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

TEST_F(LeaseLoopTest, KillNowKillsAndKeepsTheOutcome) {
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

TEST_F(LeaseLoopTest, AnAttemptThatDiedWithItsWorkerIsReportedAtOnce) {
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

TEST_F(LeaseLoopTest, AnAttemptThatDiedWithItsWorkerMayCountAsStopped) {
  const auto trial = leased_trial(1);
  {
    ASSERT_TRUE(EventSpool::create(spool_ / "1-1-aa.spool", trial.lease).has_value());
  }
  options_.left_behind = Outcome::kPreempted;
  start();
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kPreempted);
}

TEST_F(LeaseLoopTest, AnOutcomeWhoseReplyWasLostWithTheWorkerIsToldAgainAndCountsOnce) {
  const auto trial = leased_trial(1);
  {
    const auto spool = EventSpool::create(spool_ / "1-1-aa.spool", trial.lease).value();
    ASSERT_TRUE(spool->append(clock_.now(), job::Checkpoint{1, "checkpoints/0001", "ab"}, clock_.steady_now()).ok());
    ASSERT_TRUE(spool->append_finish(Outcome::kSucceeded, "").ok());
    ASSERT_TRUE(coordinator_.register_worker(info_, {}).has_value());
    ASSERT_TRUE(coordinator_.push_events(trial.lease, spool->next_batch(10)).has_value());
    ASSERT_TRUE(coordinator_.finish(trial.lease, spool->finish()->request_id, Outcome::kSucceeded, "", 1).ok());
  }
  start();
  EXPECT_TRUE(spools_gone());
  EXPECT_EQ(coordinator_.calls("finish"), 2);
  EXPECT_EQ(coordinator_.ended(trial.lease)->times, 1);
}

TEST_F(LeaseLoopTest, ALeftoverThatWasOvertakenIsDropped) {
  const auto trial = leased_trial(1);
  {
    ASSERT_TRUE(EventSpool::create(spool_ / "1-1-aa.spool", trial.lease).has_value());
  }
  coordinator_.overtake(trial.lease);
  start();
  EXPECT_TRUE(spools_gone());
  EXPECT_FALSE(coordinator_.ended(trial.lease));
}

TEST_F(LeaseLoopTest, ANewCheckpointOfThisAttemptIsCommittedAndReplacesOlderOnes) {
  coordinator_.queue(leased_trial(1, 1));
  coordinator_.queue(leased_trial(1, 2));
  start();
  ASSERT_TRUE(launched(1));
  const fs::path old = folder_ / "runs" / leased_trial(1).fingerprint / "attempt-1/checkpoints";
  fs::create_directories(old / "0001");
  launcher_.child(0)->end({0, 9});
  ASSERT_TRUE(launched(2));
  EXPECT_TRUE(fs::exists(old)) << "the new attempt may still need it";
  launcher_.child(1)->say(job::Checkpoint{2, "checkpoints/0002", "cd"});
  EXPECT_TRUE(eventually([&] { return !fs::exists(old); }));
  EXPECT_EQ(coordinator_.checkpoints().back().epoch, 2);
}

TEST_F(LeaseLoopTest, ARefusedWorkerEndsWithTheReason) {
  coordinator_.refuse(StatusCode::kUnauthenticated);
  start();
  ASSERT_TRUE(returned());
  EXPECT_EQ(result_.code(), StatusCode::kUnauthenticated);
}

TEST_F(LeaseLoopTest, ACoordinatorThatComesLaterIsWaitedFor) {
  coordinator_.set_away(true);
  coordinator_.queue(leased_trial(1));
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("register") >= 3; }));
  coordinator_.set_away(false);
  EXPECT_TRUE(launched(1));
}

TEST_F(LeaseLoopTest, ACoordinatorThatNeverComesIsGivenUp) {
  coordinator_.set_away(true);
  options_.give_up = hours(24);
  start();
  clock_.advance(hours(23));
  const int asked = coordinator_.calls("register");
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("register") > asked; }));
  EXPECT_FALSE(returned_);
  clock_.advance(hours(1));
  ASSERT_TRUE(returned());
  EXPECT_TRUE(loop_->gave_up());
  EXPECT_NE(result_.message().find("has not answered"), std::string::npos) << result_.message();
}

TEST_F(LeaseLoopTest, AWorkerThatLeavesWhenIdleIsIdleWithoutACoordinatorUnlessItHasSomethingToDeliver) {
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
  clock_.advance(hours(2));
  ASSERT_TRUE(returned());
  EXPECT_TRUE(fs::exists(spool_ / "1-1-aa.spool")) << "kept for the next start";
}

TEST_F(LeaseLoopTest, ACoordinatorThatIsGoneForGoodIsGivenUpAndTheOutcomeKept) {
  options_.exit_when_idle = seconds(60);
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  coordinator_.set_away(true);
  launcher_.child(0)->say(job::Done{});
  launcher_.child(0)->end({0, 0});
  ASSERT_TRUE(eventually([&] { return spooled("succeeded"); }));
  clock_.advance(hours(23));
  const int beats = coordinator_.calls("heartbeat");
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > beats + 1; }));
  EXPECT_FALSE(returned_) << "an outcome is undelivered";
  clock_.advance(hours(2));
  ASSERT_TRUE(returned());
  EXPECT_TRUE(loop_->gave_up());
  EXPECT_TRUE(spooled("succeeded"));
}

TEST_F(LeaseLoopTest, ChangedBenchmarksAreAnnounced) {
  std::atomic<int> scans{0};
  options_.scan = [&] {
    std::vector<job::BenchmarkOnDisk> found = {{"cub200", {"1"}}};
    if (++scans > 2) found.push_back({"cars196", {}});
    return found;
  };
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.worker().benchmarks.size() == 1; }));
  EXPECT_TRUE(eventually([&] {
    clock_.advance(seconds(30));
    return coordinator_.worker().benchmarks.size() == 2;
  }));
  EXPECT_EQ(coordinator_.calls("register"), 2) << "only when something has changed";
}

TEST_F(LeaseLoopTest, HashesOfTheDataAreAnnouncedAsSoonAsTheyAreKnown) {
  std::mutex mutex;
  job::DataStamps stamps;
  options_.data = [&] {
    const std::lock_guard lock(mutex);
    return stamps;
  };
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("register") == 1; }));
  {
    const std::lock_guard lock(mutex);
    stamps = {{"images of birds", "3f2a"}};
  }
  EXPECT_TRUE(eventually([&] {
    clock_.advance(seconds(1));
    return coordinator_.worker().data.contains("images of birds");
  }));
  EXPECT_EQ(coordinator_.calls("register"), 2) << "only when something has changed";
}

TEST_F(LeaseLoopTest, AMachineWithMoreBenchmarksThanFitRegistersWithWhatFits) {
  options_.scan = [] {
    std::vector<job::BenchmarkOnDisk> found;
    for (int i = 0; i < 5000; ++i) found.push_back({std::to_string(i), {}});
    return found;
  };
  start();
  EXPECT_TRUE(eventually([&] { return coordinator_.worker().benchmarks.size() == std::size_t{job::kMaxBenchmarks}; }));
}

TEST_F(LeaseLoopTest, ASlotThatSpoilsTrialsRestsInsteadOfRunningThroughTheQueue) {
  launcher_.set_broken(true);
  for (int i = 1; i <= 50; ++i) coordinator_.queue(leased_trial(i));
  start();
  ASSERT_TRUE(eventually([&] { return launcher_.tried() >= 4; }));
  const auto spoilt = launcher_.tried();
  clock_.advance(minutes(10));
  EXPECT_TRUE(eventually([&] { return launcher_.tried() > spoilt; })) << "it tries again after a rest";
  EXPECT_LT(launcher_.tried(), 20u);
  EXPECT_EQ(outcome(leased_trial(1)), Outcome::kMachine);
}

TEST_F(LeaseLoopTest, AWorkerWhoseMachineFailsThreeTrialsSetsItselfAsideSaysSoAndComesBack) {
  info_.slots = {{"cpu:0", "cpu", 1, 0}, {"cpu:1", "cpu", 1, 0}};
  launcher_.set_broken(true);
  for (int i = 1; i <= 50; ++i) coordinator_.queue(leased_trial(i));
  start();
  ASSERT_TRUE(eventually([&] { return !coordinator_.worker().set_aside.empty(); }));
  EXPECT_NE(coordinator_.worker().set_aside.find("different trials in a row could not run on it"), std::string::npos);
  const auto tried = launcher_.tried();
  EXPECT_LE(tried, 4u) << "each slot one more at most";
  clock_.advance(seconds(20));
  EXPECT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > 2; }));
  EXPECT_EQ(launcher_.tried(), tried) << "within the rest nobody asks";

  launcher_.set_broken(false);
  clock_.advance(minutes(2));
  ASSERT_TRUE(launched(1)) << "one trial is to show whether the machine is whole";
  clock_.advance(minutes(2));
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > 4; }));
  EXPECT_EQ(launcher_.launched(), 1u) << "and one only";
  launcher_.child(0)->say(job::Checkpoint{1, "checkpoints/0001", "ab"});
  EXPECT_TRUE(eventually([&] { return coordinator_.worker().set_aside.empty(); }))
      << "as soon as it has written a checkpoint";
  EXPECT_TRUE(launched(2)) << "then the other slot follows";
}

TEST_F(LeaseLoopTest, ASetAsideWorkerTriesNoTrialWhileItsDeviceIsGoneAndLooksAgainWhenAPersonSaysSo) {
  std::atomic<bool> gone{true};
  options_.slot.look = [&](const job::Slot&) {
    return gone ? Status(StatusCode::kFailedPrecondition, "cuda:0 is gone") : Status();
  };
  launcher_.set_broken(true);
  for (int i = 1; i <= 50; ++i) coordinator_.queue(leased_trial(i));
  start();
  ASSERT_TRUE(eventually([&] { return !coordinator_.worker().set_aside.empty(); }));
  const auto tried = launcher_.tried();
  clock_.advance(minutes(2));
  EXPECT_TRUE(
      eventually([&] { return coordinator_.worker().set_aside == "its machine is not whole yet: cuda:0 is gone"; }));
  EXPECT_EQ(launcher_.tried(), tried);
  gone = false;
  launcher_.set_broken(false);
  loop_->look_again();
  EXPECT_TRUE(launched(1)) << "without waiting for the end of its rest";
}

TEST_F(LeaseLoopTest, AFullDiskIsAnnouncedAndWithdrawn) {
  std::atomic<int> free{10};
  options_.slot.ready = [&] {
    return free >= 100 ? Status()
                       : Status(StatusCode::kResourceExhausted, "only " + std::to_string(free) + " MiB are free");
  };
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.worker().set_aside == "only 10 MiB are free"; }));
  free = 9;
  EXPECT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > 5; }));
  EXPECT_EQ(coordinator_.calls("register"), 1) << "a disk that fills up further is not news";
  free = 100;
  EXPECT_TRUE(eventually([&] { return coordinator_.worker().set_aside.empty(); }));
}

TEST_F(LeaseLoopTest, WeightsAreAnnouncedAsTheyComeAndGo) {
  std::atomic<bool> there{true};
  options_.scan_weights = [&] {
    return there ? std::vector<std::string>{"resnet50-imagenet"} : std::vector<std::string>{};
  };
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.worker().weights.size() == 1; }));
  there = false;
  EXPECT_TRUE(eventually([&] {
    clock_.advance(seconds(30));
    return coordinator_.worker().weights.empty();
  }));
}

TEST_F(LeaseLoopTest, AMachineThatIsNotReadyTakesNoTrial) {
  std::atomic<bool> ready{false};
  options_.slot.ready = [&] { return ready ? Status() : Status(StatusCode::kResourceExhausted, "disk full"); };
  coordinator_.queue(leased_trial(1));
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > 3; }));
  EXPECT_EQ(coordinator_.calls("acquire"), 0);
  ready = true;
  EXPECT_TRUE(launched(1));
}

TEST_F(LeaseLoopTest, LeavesWhenThereHasBeenNoWorkForLong) {
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

}  // namespace
}  // namespace oodml::worker
