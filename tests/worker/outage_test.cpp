// A coordinator that is away, forgets or refuses, under a worker that trains.
#include "tests/worker/lease_loop_fixture.h"

namespace oodml::worker {
namespace {

using job::Outcome;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::leased_trial;

class OutageTest : public LeaseLoopTest {};

TEST_F(OutageTest, TrainingGoesOnThroughAnOutageAndEventsArriveAfterIt) {
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

TEST_F(OutageTest, AfterAnOutageBeyondTheLimitTrialsStopWithACheckpoint) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->stop_politely();
  coordinator_.set_away(true);
  ASSERT_TRUE(eventually([&] { return !launcher_.child(0)->signals().empty(); }, minutes(1)));
  coordinator_.set_away(false);
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kPreempted);
  EXPECT_NE(coordinator_.ended(trial.lease)->message.find("cut off"), std::string::npos);
}

TEST_F(OutageTest, ACoordinatorThatForgotTheWorkerIsToldAgain) {
  const auto trial = leased_trial(1);
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > 0; }));
  coordinator_.forget_worker();
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("register") >= 2; }));
  coordinator_.queue(trial);
  EXPECT_TRUE(launched(1));
}

TEST_F(OutageTest, ACoordinatorRestoredFromABackupIsToldAllAgainWhileTheTrialGoesOn) {
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

TEST_F(OutageTest, ABackupFromBeforeTheLeaseCostsNothingEither) {
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

TEST_F(OutageTest, AnOutcomeWhoseEventsWereLostInBetweenIsToldWithThem) {
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

TEST_F(OutageTest, AResultWhoseEventsCannotBeToldAgainIsNotReportedWithoutThem) {
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

TEST_F(OutageTest, ARefusalThatIsNoFenceStopsNothing) {
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

TEST_F(OutageTest, EventsThatTheCoordinatorWillNeverTakeEndTheAttemptWithTheReason) {
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

TEST_F(OutageTest, ARefusedWorkerEndsWithTheReason) {
  coordinator_.refuse(StatusCode::kUnauthenticated);
  start();
  ASSERT_TRUE(returned());
  EXPECT_EQ(result_.code(), StatusCode::kUnauthenticated);
}

TEST_F(OutageTest, ACoordinatorThatComesLaterIsWaitedFor) {
  coordinator_.set_away(true);
  coordinator_.queue(leased_trial(1));
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("register") >= 3; }));
  coordinator_.set_away(false);
  EXPECT_TRUE(launched(1));
}

TEST_F(OutageTest, ACoordinatorThatNeverComesIsGivenUp) {
  coordinator_.set_away(true);
  options_.give_up = hours(24);
  start();
  clock_.advance(hours(23));
  const int asked = coordinator_.calls("register");
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("register") > asked; }));
  EXPECT_FALSE(returned_);
  ASSERT_TRUE(returned(minutes(10)));
  EXPECT_TRUE(loop_->gave_up());
  EXPECT_NE(result_.message().find("has not answered"), std::string::npos) << result_.message();
}

TEST_F(OutageTest, ACoordinatorThatIsGoneForGoodIsGivenUpAndTheOutcomeKept) {
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
  ASSERT_TRUE(returned(minutes(10)));
  EXPECT_TRUE(loop_->gave_up());
  EXPECT_TRUE(spooled("succeeded"));
}

}  // namespace
}  // namespace oodml::worker
