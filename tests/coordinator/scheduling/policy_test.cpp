#include <gtest/gtest.h>

#include "coordinator/scheduling/event_budget.h"
#include "coordinator/scheduling/retry_policy.h"

namespace oodml::coordinator::scheduling {
namespace {

using job::Outcome;
using job::TrialState;
using store::Wish;
using namespace std::chrono_literals;

TEST(RetryPolicyTest, EveryOutcomeHasItsNextStateForEveryWish) {
  const store::TryHistory first{.tries = 1};
  struct Row {
    Outcome outcome;
    TrialState run, pause, cancel;
  };
  using enum TrialState;
  for (const Row& row : std::vector<Row>{
           {Outcome::kSucceeded, kSucceeded, kSucceeded, kSucceeded},
           {Outcome::kOutOfMemory, kFailed, kFailed, kFailed},
           {Outcome::kNumeric, kFailed, kFailed, kFailed},
           {Outcome::kBadConfiguration, kFailed, kFailed, kFailed},
           {Outcome::kMachine, kBackoff, kPaused, kCancelled},
           {Outcome::kInfrastructure, kBackoff, kPaused, kCancelled},
           {Outcome::kCrashed, kBackoff, kPaused, kCancelled},
           {Outcome::kLost, kBackoff, kPaused, kCancelled},
           {Outcome::kPreempted, kQueued, kPaused, kCancelled},
           {Outcome::kCancelled, kQueued, kPaused, kCancelled},
       }) {
    EXPECT_EQ(next_step(row.outcome, Wish::kRun, first).state, row.run) << job::to_text(row.outcome);
    EXPECT_EQ(next_step(row.outcome, Wish::kPause, first).state, row.pause) << job::to_text(row.outcome);
    EXPECT_EQ(next_step(row.outcome, Wish::kCancel, first).state, row.cancel) << job::to_text(row.outcome);
  }
}

TEST(RetryPolicyTest, TheSixthCountedTryIsTheLast) {
  EXPECT_EQ(next_step(Outcome::kLost, Wish::kRun, {.tries = 5}).state, TrialState::kBackoff);
  EXPECT_EQ(next_step(Outcome::kLost, Wish::kRun, {.tries = 6}).state, TrialState::kFailed);
  EXPECT_EQ(next_step(Outcome::kPreempted, Wish::kRun, {.tries = 6}).state, TrialState::kQueued);
}

TEST(RetryPolicyTest, PoisonNamesItsWorkers) {
  const NextStep step = next_step(Outcome::kCrashed, Wish::kRun, {.tries = 3, .crashed_on = {"a", "b", "c"}});
  EXPECT_EQ(step.state, TrialState::kFailed);
  EXPECT_EQ(step.reason, "set aside: its process crashed on 3 different workers (a, b, c)");
  EXPECT_EQ(next_step(Outcome::kCrashed, Wish::kRun, {.tries = 3, .crashed_on = {"a", "b"}}).state,
            TrialState::kBackoff);
}

TEST(RetryPolicyTest, FaultsOfThreeMachinesOrTooManyOfOneEndATrialWithTheirReasons) {
  const NextStep three =
      next_step(Outcome::kMachine, Wish::kRun,
                {.tries = 3, .machine_tries = 3, .failed_on = {{"a", "no x"}, {"b", "no y"}, {"c", "no x"}}});
  EXPECT_EQ(three.state, TrialState::kFailed);
  EXPECT_EQ(three.reason, "set aside: it failed on 3 different machines: a (no x), b (no y), c (no x)");
  const store::TryHistory two{.tries = 2, .machine_tries = 2, .failed_on = {{"a", "no x"}, {"b", "no y"}}};
  EXPECT_EQ(next_step(Outcome::kMachine, Wish::kRun, two).state, TrialState::kBackoff);

  const store::TryHistory six{.tries = 6, .machine_tries = 6, .failed_on = {{"a", "no x"}}};
  EXPECT_EQ(next_step(Outcome::kMachine, Wish::kRun, six).state, TrialState::kFailed);
  EXPECT_EQ(next_step(Outcome::kMachine, Wish::kRun, six).reason, "given up after 6 tries: a (no x)");
}

TEST(RetryPolicyTest, WhereThereIsOneMachineItsFaultEndsTheTrialAtOnce) {
  const store::TryHistory one{.tries = 1, .machine_tries = 1, .failed_on = {{"a", "no x"}}};
  EXPECT_EQ(next_step(Outcome::kMachine, Wish::kRun, one, 0).state, TrialState::kFailed);
  EXPECT_EQ(next_step(Outcome::kMachine, Wish::kRun, one, 0).reason, "") << "the attempt's own says it";
  EXPECT_EQ(next_step(Outcome::kInfrastructure, Wish::kRun, {.tries = 1}, 0).state, TrialState::kBackoff);
}

TEST(RetryPolicyTest, BackoffDoublesIsSpreadAndEndsAtHalfAnHour) {
  for (int tries = 1; tries <= 6; ++tries) {
    const Duration plain = 30s * (1 << (tries - 1));
    const Duration delay = backoff_delay({7}, tries, tries);
    EXPECT_GE(delay, plain);
    EXPECT_LE(delay, plain * 5 / 4);
    EXPECT_EQ(delay, backoff_delay({7}, tries, tries)) << "a function of trial and attempt";
  }
  EXPECT_NE(backoff_delay({7}, 1, 1), backoff_delay({8}, 1, 1));
  EXPECT_EQ(backoff_delay({7}, 60, 60), 30min);
}

TEST(EventBudgetTest, WhoSaysTooMuchIsRefusedBeforeTheOthersAre) {
  EventBudget budget;
  const LeaseId loud{"loud"}, quiet{"quiet"};
  EXPECT_TRUE(budget.take(loud, EventBudget::kOfALease + 1).ok()) << "one batch is taken however large it is";
  const Status more = budget.take(loud, 1);
  EXPECT_EQ(more.code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(more.message(), "of this attempt 4 MiB of events wait for the coordinator's disk; try again later");
  EXPECT_TRUE(budget.take(quiet, 1000).ok());
  budget.give_back(loud, EventBudget::kOfALease + 1);
  EXPECT_TRUE(budget.take(loud, 1).ok());
}

TEST(EventBudgetTest, AllTogetherHaveABoundAndWhatWasGivenBackIsFreeAgain) {
  EventBudget budget;
  const std::int64_t batches = EventBudget::kOfAll / EventBudget::kOfALease;
  for (std::int64_t i = 0; i < batches; ++i) {
    EXPECT_TRUE(budget.take(LeaseId{std::to_string(i)}, EventBudget::kOfALease).ok());
  }
  EXPECT_EQ(budget.take(LeaseId{"last"}, 1).code(), StatusCode::kResourceExhausted);
  for (std::int64_t i = 0; i < batches; ++i) budget.give_back(LeaseId{std::to_string(i)}, EventBudget::kOfALease);
  EXPECT_TRUE(budget.take(LeaseId{"last"}, 2 * EventBudget::kOfAll).ok());
}

TEST(EventBudgetTest, TextCounts) {
  const job::Event event{.body = job::Warning{std::string(5000, 'w')}};
  EXPECT_GE(bytes_of({event, event}), 10'000);
  EXPECT_EQ(bytes_of({}), 0);
}

}  // namespace
}  // namespace oodml::coordinator::scheduling
