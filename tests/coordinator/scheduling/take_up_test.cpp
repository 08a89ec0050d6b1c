// Leases that are newer than the database, which was restored from a backup.

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Directive;
using job::Outcome;
using job::TrialState;

class TakeUpTest : public ServiceTest {};

TEST_F(TakeUpTest, ALeaseThatARestoredDatabaseDoesNotKnowIsTakenUpWhenNobodyClaimedItsTrial) {
  submit({.seeds = {0, 1}});
  connect("a");
  const job::LeasedTrial first = acquire("a");
  const job::Lease given{.trial = first.lease.trial, .attempt = 2, .id = {std::string(32, 'b')}};
  ASSERT_TRUE(finish(first.lease, Outcome::kPreempted).ok());  // The backup is of this moment; attempt 2 came after it.
  ASSERT_EQ(trial(given.trial).state, TrialState::kQueued);
  EXPECT_EQ(push("a", given, 1, {job::Hello{}}).error().code(), StatusCode::kAborted);

  connect("a", 1, {{given, first.fingerprint, "cpu:0"}});
  EXPECT_EQ(trial(given.trial).state, TrialState::kRunning);
  EXPECT_EQ(trial(given.trial).attempt, 2);
  EXPECT_EQ(beat("a", given), Directive::kContinue);
  EXPECT_EQ(push("a", given, 3, {metric(2, "e_recall@1", 0.5)}).error().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(*push("a", given, 1, {}), 0) << "how far it has them";
  EXPECT_EQ(*push("a", given, 1, {job::Hello{}, metric(1, "e_recall@1", 0.5)}), 2);
  EXPECT_NE(acquire("a").lease.trial, given.trial) << "it is not given to anybody else";

  connect("a", 1, {{given, first.fingerprint, "cpu:0"}});
  EXPECT_EQ(*push("a", given, 1, {}), 2) << "named again, nothing changes";
  EXPECT_TRUE(finish(given, Outcome::kSucceeded, 2).ok());
  EXPECT_EQ(trial(given.trial).state, TrialState::kSucceeded);
}

TEST_F(TakeUpTest, ATakenUpLeaseEndsTheEarlierAttemptThatTheBackupShowsRunning) {
  submit({});
  connect("a");
  connect("b");
  const job::LeasedTrial first = acquire("a");
  const job::Lease later{.trial = first.lease.trial, .attempt = 3, .id = {std::string(32, 'c')}};
  connect("b", 1, {{later, first.fingerprint, "cpu:0"}});
  EXPECT_EQ(beat("b", later), Directive::kContinue);
  EXPECT_EQ(beat("a", first.lease), Directive::kFenced);
  EXPECT_EQ(trial(later.trial).worker, "b");
  advance(10s);
  restart();
  connect("b");
  EXPECT_EQ(beat("b", later), Directive::kContinue) << "it is in the database";
  EXPECT_TRUE(finish(later, Outcome::kSucceeded).ok());
}

TEST_F(TakeUpTest, AStrangeLeaseIsNotTakenUpWhenItsTrialIsAnotherOrWentOnWithoutIt) {
  submit({.seeds = {0, 1, 2}});
  connect("a");
  const job::LeasedTrial running = acquire("a");
  const auto strange = [&](std::int64_t id, AttemptEpoch attempt) {
    return job::Lease{.trial = {id}, .attempt = attempt, .id = {std::string(31, 'd') + std::to_string(id)}};
  };
  const auto refused = [&](const job::Lease& lease, const std::string& fingerprint) {
    connect("b", 1, {{lease, fingerprint, "cpu:0"}});
    return beat("b", lease) == Directive::kFenced && finish(lease, Outcome::kSucceeded).code() == StatusCode::kAborted;
  };
  EXPECT_TRUE(refused(strange(2, 1), running.fingerprint)) << "another trial has this id";
  EXPECT_TRUE(refused(strange(99, 1), "abcdef0123456789")) << "no such trial";
  EXPECT_TRUE(refused(strange(1, 1), running.fingerprint)) << "somebody has claimed it since";
  EXPECT_EQ(beat("a", running.lease), Directive::kContinue);
  ASSERT_TRUE(finish(running.lease, Outcome::kSucceeded).ok());
  EXPECT_TRUE(refused(strange(1, 2), running.fingerprint)) << "it has its result";
  EXPECT_EQ(trial({1}).state, TrialState::kSucceeded);
}

}  // namespace
}  // namespace oodml::coordinator::testing
