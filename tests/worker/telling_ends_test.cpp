// How a slot tells the end of a trial, and gets the next one with it.
#include "tests/support/process.h"
#include "tests/worker/lease_loop_fixture.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using job::Outcome;
using testing::leased_trial;

class TellingEndsTest : public LeaseLoopTest {
 protected:
  void succeed(std::size_t child) {
    launcher_.child(child)->say(job::Done{3});
    launcher_.child(child)->end({0, 0});
  }
  fs::path run_of(const job::LeasedTrial& trial) const {
    return options_.slot.trial.runs / trial.fingerprint / ("attempt-" + std::to_string(trial.lease.attempt));
  }
};

TEST_F(TellingEndsTest, OneCallTellsTheLastEventsAndTheEndAndBringsTheNextTrial) {
  const auto first = leased_trial(1), second = leased_trial(2);
  coordinator_.queue(first);
  coordinator_.queue(second);
  start();
  ASSERT_TRUE(launched(1));
  succeed(0);
  ASSERT_TRUE(launched(2));
  EXPECT_EQ(coordinator_.calls("acquire"), 1);
  EXPECT_EQ(coordinator_.calls("push"), 0);
  EXPECT_EQ(coordinator_.calls("finish"), 1);
  EXPECT_EQ(coordinator_.events(first.lease).size(), 1u);
  EXPECT_EQ(outcome(first), Outcome::kSucceeded);
}

TEST_F(TellingEndsTest, ATrialThatLeftNothingOwesNothing) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  succeed(0);
  ASSERT_TRUE(ended(trial));
  for (const char* call : {"offer", "publish", "output"}) EXPECT_EQ(coordinator_.calls(call), 0) << call;
  EXPECT_TRUE(coordinator_.with_files([&](testing::FileShelf& shelf) { return shelf.outputs[trial.lease.id].over; }))
      << "who reads its output need not wait";
  EXPECT_TRUE(fs::exists(run_of(trial) / "ended.json"));
  EXPECT_FALSE(fs::exists(run_of(trial) / "upload"));
}

TEST_F(TellingEndsTest, AnEndWhoseReplyIsLostCountsOnceAndItsNextTrialIsFound) {
  const auto first = leased_trial(1), second = leased_trial(2);
  coordinator_.queue(first);
  coordinator_.queue(second);
  start();
  ASSERT_TRUE(launched(1));
  coordinator_.lose_replies("finish");
  succeed(0);
  ASSERT_TRUE(launched(2));
  EXPECT_EQ(coordinator_.ended(first.lease)->times, 1);
  succeed(1);
  ASSERT_TRUE(ended(second));
  EXPECT_EQ(coordinator_.calls("acquire"), 2) << "the question was asked again, with its id";
}

TEST_F(TellingEndsTest, ATrialGivenWithAReplyThatIsLostIsGivenBackByAWorkerThatLeaves) {
  const auto first = leased_trial(1), second = leased_trial(2);
  coordinator_.queue(first);
  coordinator_.queue(second);
  start();
  ASSERT_TRUE(launched(1));
  coordinator_.lose_replies("finish", 1000);
  succeed(0);
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("finish") > 2; }));
  loop_->drain();
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("acquire") == 2; }));
  coordinator_.lose_replies("finish", -100000);
  ASSERT_TRUE(ended(second));
  EXPECT_EQ(outcome(second), Outcome::kPreempted);
  EXPECT_EQ(launcher_.launched(), 1u);
  EXPECT_TRUE(returned());
}

TEST_F(TellingEndsTest, NoTrialIsAskedForAfterAFailure) {
  coordinator_.queue(leased_trial(1));
  coordinator_.queue(leased_trial(2));
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->end({1, 0});
  ASSERT_TRUE(launched(2));
  EXPECT_EQ(coordinator_.calls("acquire"), 2);
}

TEST_F(TellingEndsTest, ACoordinatorThatTakesNoEventsWithAnEndIsToldThemBefore) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  coordinator_.refuse_events_of_ends();
  start();
  ASSERT_TRUE(launched(1));
  succeed(0);
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(coordinator_.events(trial.lease).size(), 1u);
  EXPECT_TRUE(spools_gone());
}

}  // namespace
}  // namespace oodml::worker
