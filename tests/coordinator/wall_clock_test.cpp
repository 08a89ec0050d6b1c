// Somebody sets the wall clock, by an hour or a year, forwards or back: nothing that is waited for depends on it.
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

constexpr Duration kYear = 24h * 365;
constexpr Duration kLongestFirstBackoff = 30s + 30s / 4;

class WallClockTest : public ServiceTest, public ::testing::WithParamInterface<Duration> {
 protected:
  void step() { clock.step_wall(GetParam()); }
};

TEST_P(WallClockTest, ABackoffWaitsNoLongerThanItsOwnLength) {
  const SubmitView sweep = submit({.seeds = {0, 1}});
  connect("a", 2);
  const job::Lease before = acquire("a").lease;
  const job::Lease after = acquire("a", "cpu:1").lease;
  ASSERT_TRUE(finish(before, job::Outcome::kInfrastructure).ok());
  step();
  ASSERT_TRUE(finish(after, job::Outcome::kInfrastructure).ok());
  EXPECT_EQ(view(sweep.sweep).counts.backoff, 2);
  advance(kLongestFirstBackoff);
  EXPECT_EQ(view(sweep.sweep).counts.queued, 2);
}

TEST_P(WallClockTest, ABackoffWaitsNoLongerThanItsOwnLengthAfterARestart) {
  const SubmitView sweep = submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  ASSERT_TRUE(finish(lease, job::Outcome::kInfrastructure).ok());
  step();
  restart();
  const TrialView waiting = trial(lease.trial);
  if (waiting.state == job::TrialState::kBackoff) {  // a clock that went ahead makes it due at once
    EXPECT_LE(*waiting.not_before, clock.now() + kLongestFirstBackoff) << "shown by the clock of today";
    EXPECT_GE(*waiting.not_before, clock.now());
  }
  advance(kLongestFirstBackoff);
  EXPECT_EQ(view(sweep.sweep).counts.queued, 1);
}

TEST_P(WallClockTest, ALeaseLivesByTheSteadyClock) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  for (int i = 0; i < 3; ++i) {
    step();
    advance(100s);
    EXPECT_EQ(beat("a", lease), job::Directive::kContinue);
  }
  EXPECT_EQ(trial(lease.trial).state, job::TrialState::kRunning);
  advance(121s);
  EXPECT_EQ(trial(lease.trial).state, job::TrialState::kBackoff);
}

TEST_P(WallClockTest, ARequestIsStillKnown) {
  const SubmitView sweep = submit({}, "the-request");
  step();
  advance(2h);  // old requests are looked for every hour
  EXPECT_EQ(submit({}, "the-request").sweep, sweep.sweep);
  restart();
  advance(2h);
  EXPECT_EQ(submit({}, "the-request").sweep, sweep.sweep);
}

TEST_P(WallClockTest, NothingEndsBeforeItBegan) {
  const SubmitView sweep = submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  step();
  advance(1s);
  ASSERT_TRUE(finish(lease, job::Outcome::kSucceeded).ok());
  const auto detail = sweeps().get_trial(lease.trial, 0, 0);
  ASSERT_TRUE(detail);
  EXPECT_GE(*detail->trial.finished, *detail->trial.started);
  EXPECT_GE(*detail->attempts.at(0).finished, detail->attempts.at(0).started);
  EXPECT_GE(*view(sweep.sweep).finished, view(sweep.sweep).created);
}

TEST_P(WallClockTest, ACancelledSweepEndsNoEarlierThanItBegan) {
  const SubmitView sweep = submit({});
  step();
  change(SweepChange::kCancel, sweep.sweep);
  EXPECT_GE(*view(sweep.sweep).finished, view(sweep.sweep).created);
}

TEST_P(WallClockTest, AWorkerWasSeenAsLongAgoAsItWas) {
  connect("a");
  clock.advance(7s);
  step();
  const auto workers = sweeps().workers();
  ASSERT_EQ(workers->size(), 1u);
  EXPECT_EQ(clock.now() - workers->at(0).last_seen, Duration(7s));
  EXPECT_EQ(workers->at(0).state, "ready");
}

TEST_P(WallClockTest, TheNewestSweepOfANameIsTheOneThatCameLast) {
  submit({});
  step();
  const SubmitView second = submit({.seeds = {1}});
  EXPECT_EQ(sweeps().get({.sweep = {.name = "study"}})->sweep.id, second.sweep);
  EXPECT_EQ(sweeps().list({.limit = 10})->sweeps.at(0).id, second.sweep);
}

INSTANTIATE_TEST_SUITE_P(Steps, WallClockTest, ::testing::Values(Duration(1h), -Duration(1h), kYear, -kYear),
                         [](const auto& info) {
                           const std::string length = std::chrono::abs(info.param) > 24h ? "AYear" : "AnHour";
                           return length + (info.param > 0h ? "Ahead" : "Back");
                         });

TEST_F(ServiceTest, OldRequestsAreForgottenWhenThereAreMany) {
  // One stays however old it is, until ten thousand came after it.
  const SubmitView first = submit({}, "first");
  advance(24h * 8);
  EXPECT_EQ(submit({}, "first").sweep, first.sweep);
  for (int i = 0; i < 10'000; ++i) {
    Answer<ChangeView> answer;
    sweeps().change(SweepChange::kPause, {.sweep = {.id = first.sweep}, .request_id = "r" + std::to_string(i)},
                    answer.reply());
    if (i % 1000 == 999) {
      ASSERT_TRUE(answer.get());
    }
  }
  advance(24h * 8);
  EXPECT_NE(submit({}, "first").sweep, first.sweep);
}

}  // namespace
}  // namespace oodml::coordinator::testing
