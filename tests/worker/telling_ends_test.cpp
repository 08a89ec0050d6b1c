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
  /// Two trials for the one slot, the first of which runs.
  void start_first() {
    coordinator_.queue(first_);
    coordinator_.queue(second_);
    start();
    ASSERT_TRUE(launched(1));
  }
  void succeed(std::size_t child) {
    launcher_.child(child)->say(job::Done{3});
    launcher_.child(child)->end({0, 0});
  }
  fs::path run_of(const job::LeasedTrial& trial) const {
    return options_.slot.trial.runs / trial.fingerprint / ("attempt-" + std::to_string(trial.lease.attempt));
  }
  const job::LeasedTrial first_ = leased_trial(1), second_ = leased_trial(2);
};

TEST_F(TellingEndsTest, OneCallTellsTheLastEventsAndTheEndAndBringsTheNextTrial) {
  ASSERT_NO_FATAL_FAILURE(start_first());
  succeed(0);
  ASSERT_TRUE(launched(2));
  EXPECT_EQ(coordinator_.calls("acquire"), 1);
  EXPECT_EQ(coordinator_.calls("push"), 0);
  EXPECT_EQ(coordinator_.calls("finish"), 1);
  EXPECT_EQ(coordinator_.events(first_.lease).size(), 1u);
  EXPECT_EQ(outcome(first_), Outcome::kSucceeded);
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
  ASSERT_NO_FATAL_FAILURE(start_first());
  coordinator_.lose_replies("finish");
  succeed(0);
  ASSERT_TRUE(launched(2));
  EXPECT_EQ(coordinator_.ended(first_.lease)->times, 1);
  succeed(1);
  ASSERT_TRUE(ended(second_));
  EXPECT_EQ(coordinator_.calls("acquire"), 2) << "the question was asked again, with its id";
}

TEST_F(TellingEndsTest, ATrialGivenWithAReplyThatIsLostIsGivenBackByAWorkerThatLeaves) {
  ASSERT_NO_FATAL_FAILURE(start_first());
  coordinator_.lose_replies("finish", 1000);
  succeed(0);
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("finish") > 2; }));
  loop_->drain();
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("acquire") == 2; }));
  coordinator_.lose_replies("finish", -100000);
  ASSERT_TRUE(ended(second_));
  EXPECT_EQ(outcome(second_), Outcome::kPreempted);
  EXPECT_EQ(launcher_.launched(), 1u);
  EXPECT_TRUE(returned());
}

TEST_F(TellingEndsTest, NoTrialIsAskedForAfterAFailure) {
  ASSERT_NO_FATAL_FAILURE(start_first());
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
