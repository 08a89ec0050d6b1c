// How long a lease lives, and what becomes of it and its trial afterwards.

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Directive;
using job::Outcome;
using job::TrialState;

class LeaseTermsTest : public ServiceTest {};

TEST_F(LeaseTermsTest, ALeaseCarriesTheWholeTrial) {
  submit({.criteria = {"margin"}, .seeds = {7}});
  connect("a");
  const job::LeasedTrial got = acquire("a");
  EXPECT_EQ(got.lease.attempt, 1);
  EXPECT_EQ(got.lease.id.value.size(), 32u);
  EXPECT_EQ(got.term, 120s);
  EXPECT_EQ(got.spec, plan_test_sweep(TestSweep{.criteria = {"margin"}, .seeds = {7}}.text())->trials[0].spec);
  EXPECT_EQ(got.fingerprint, plan_test_sweep(TestSweep{.seeds = {7}}.text())->trials[0].fingerprint);
  EXPECT_TRUE(got.earlier_attempts.empty());
  EXPECT_EQ(trial(got.lease.trial).state, TrialState::kRunning);
  EXPECT_EQ(trial(got.lease.trial).worker, "a");
}

TEST_F(LeaseTermsTest, ExpiredLeaseReturnsAsANewAttemptAndTheOldOneIsFencedOff) {
  submit({});
  connect("a");
  connect("b");
  const job::Lease first = acquire("a").lease;
  advance(121s);
  EXPECT_EQ(trial(first.trial).state, TrialState::kBackoff);
  EXPECT_EQ(trial(first.trial).outcome, "lost");
  advance(40s);  // the first backoff is 30 s and up to a quarter more
  const job::Lease second = acquire("b").lease;

  EXPECT_EQ(second.attempt, first.attempt + 1);
  EXPECT_EQ(beat("a", first), Directive::kFenced);
  EXPECT_EQ(push("a", first, 1, {job::Hello{}}).error().code(), StatusCode::kAborted);
  EXPECT_EQ(finish(first, Outcome::kSucceeded).code(), StatusCode::kAborted);
  EXPECT_EQ(trial(first.trial).state, TrialState::kRunning);
  EXPECT_TRUE(finish(second, Outcome::kSucceeded).ok());
  EXPECT_EQ(trial(first.trial).state, TrialState::kSucceeded);
}

TEST_F(LeaseTermsTest, AHeartbeatRenewsTheLeasesItNamesAndOnlyThose) {
  submit({.seeds = {0, 1}});
  connect("a", 2);
  const job::Lease named = acquire("a", "cpu:0").lease;
  const job::Lease left_out = acquire("a", "cpu:1").lease;
  advance(100s);
  EXPECT_EQ(beat("a", named), Directive::kContinue);
  advance(30s);
  EXPECT_EQ(trial(named.trial).state, TrialState::kRunning);
  EXPECT_EQ(trial(left_out.trial).state, TrialState::kBackoff);
}

TEST_F(LeaseTermsTest, AWorkerThatIsNotKnownHasToRegister) {
  EXPECT_EQ(leases().heartbeat({"ghost"}, {}).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(ask("ghost").error().code(), StatusCode::kNotFound);
  connect("a");
  const auto wrong_slot = ask("a", "", "cuda:9");
  EXPECT_EQ(wrong_slot.error().code(), StatusCode::kInvalidArgument);
  EXPECT_NE(wrong_slot.error().message().find("cpu:0"), std::string::npos);
}

TEST_F(LeaseTermsTest, ALostReplyToAcquireIsGivenAgainWhileTheLeaseLives) {
  submit({.seeds = {0, 1}});
  connect("a");
  const job::LeasedTrial first = **ask("a", "request-1");
  const job::LeasedTrial again = **ask("a", "request-1");
  EXPECT_EQ(again.lease, first.lease);
  EXPECT_EQ(again.spec, first.spec);
  EXPECT_EQ(view({1}).counts.running, 1);

  restart();
  connect("a");
  EXPECT_EQ((**ask("a", "request-1")).lease, first.lease);
  ASSERT_TRUE(finish(first.lease, Outcome::kSucceeded).ok());
  EXPECT_NE((**ask("a", "request-1")).lease.trial, first.lease.trial);
}

TEST_F(LeaseTermsTest, ALostReplyToFinishIsGivenAgain) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  EXPECT_TRUE(finish(lease, Outcome::kSucceeded, 0, "f-1").ok());
  EXPECT_TRUE(finish(lease, Outcome::kSucceeded, 0, "f-1").ok());
  EXPECT_TRUE(finish(lease, Outcome::kSucceeded, 0, "f-2").ok()) << "the same end told again says nothing new";
  EXPECT_EQ(finish(lease, Outcome::kNumeric, 0, "f-3").code(), StatusCode::kAborted);
  EXPECT_EQ(sweeps().get_trial(lease.trial, 0, 0)->attempts.size(), 1u);
}

TEST_F(LeaseTermsTest, ALateResultCountsWhenNobodyClaimedTheTrialSince) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  advance(121s);
  ASSERT_EQ(trial(lease.trial).state, TrialState::kBackoff);
  EXPECT_EQ(*push("a", lease, 1, {metric(1, "e_recall@1", 0.5)}), 1);
  EXPECT_TRUE(finish(lease, Outcome::kSucceeded, 1).ok());
  EXPECT_EQ(trial(lease.trial).state, TrialState::kSucceeded);
  advance(1h);
  EXPECT_FALSE(ask("a")->has_value()) << "nothing is left in the queue";
}

TEST_F(LeaseTermsTest, AWorkerCutOffPastItsLeaseGoesOnWhenNobodyClaimedItsTrial) {
  submit({});
  connect("a");
  connect("b");
  const job::Lease lease = acquire("a").lease;
  advance(121s);
  EXPECT_EQ(beat("a", lease), Directive::kContinue);
  EXPECT_EQ(trial(lease.trial).state, TrialState::kRunning);
  advance(60s);
  EXPECT_FALSE(ask("b")->has_value());
  EXPECT_EQ(beat("a", lease), Directive::kContinue);
  EXPECT_TRUE(finish(lease, Outcome::kSucceeded).ok());
  EXPECT_EQ(sweeps().get_trial(lease.trial, 0, 0)->attempts.size(), 1u);
}

TEST_F(LeaseTermsTest, TriesThatWereGivenUpForSilenceComeBackWithTheirWorker) {
  submit({});
  connect("a");
  job::Lease lease;
  for (int i = 0; i <= job::kMaxRetries; ++i) {
    connect("a");
    lease = acquire("a").lease;
    advance(121s);
    advance(30min);
  }
  EXPECT_EQ(trial(lease.trial).state, TrialState::kFailed);
  EXPECT_NE(trial(lease.trial).message.find("6 tries"), std::string::npos) << trial(lease.trial).message;
  EXPECT_TRUE(finish(lease, Outcome::kSucceeded).ok());
  EXPECT_EQ(trial(lease.trial).state, TrialState::kSucceeded);
}

TEST_F(LeaseTermsTest, AfterARestartEveryLiveLeaseGetsTheGrace) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  advance(110s);
  restart();
  EXPECT_EQ(leases().heartbeat({"a"}, {lease}).error().code(), StatusCode::kNotFound);
  advance(110s);
  EXPECT_EQ(trial(lease.trial).state, TrialState::kRunning);
  connect("a");
  EXPECT_EQ(beat("a", lease), Directive::kContinue);
  advance(119s);
  EXPECT_EQ(trial(lease.trial).state, TrialState::kRunning);
  advance(2s);
  EXPECT_EQ(trial(lease.trial).state, TrialState::kBackoff);
}

TEST_F(LeaseTermsTest, ALostLeaseCanComeBackAfterARestartToo) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  advance(121s);
  restart();
  connect("a");
  EXPECT_EQ(beat("a", lease), Directive::kContinue);
  EXPECT_EQ(trial(lease.trial).state, TrialState::kRunning);
}

TEST_F(LeaseTermsTest, TheQueueIsTheSameAfterARestart) {
  submit({.name = "old", .seeds = {0, 1, 2}});
  submit({.name = "urgent", .seeds = {10, 11}}, "", 5);
  submit({.name = "shared", .seeds = {2, 12}}, "", 5);
  connect("a");
  const auto ids = [&] {
    std::vector<std::int64_t> seeds;
    for (int i = 0; i < 3; ++i) {
      const job::LeasedTrial got = acquire("a");
      seeds.push_back(got.spec.seed());
      EXPECT_TRUE(finish(got.lease, Outcome::kSucceeded).ok());
    }
    return seeds;
  };
  EXPECT_EQ(ids(), (std::vector<std::int64_t>{10, 11, 2})) << "larger priority first, then the older sweep";
  restart();
  connect("a");
  EXPECT_EQ(ids(), (std::vector<std::int64_t>{12, 0, 1}));
}

}  // namespace
}  // namespace oodml::coordinator::testing
