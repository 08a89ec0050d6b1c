// Cancel, pause, resume and retry, of sweeps and of single trials that several share.

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Directive;
using job::Outcome;
using job::TrialState;

class SweepChangesTest : public ServiceTest {
 protected:
  TrialState state(std::int64_t id) { return trial({id}).state; }
};

TEST_F(SweepChangesTest, CancelTakesWhatWaitsAtOnceAndWhatRunsThroughItsWorker) {
  submit({.seeds = {0, 1, 2}});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  const ChangeView cancelled = change(SweepChange::kCancel, {1});
  EXPECT_EQ(cancelled.changed, 3);
  EXPECT_EQ(cancelled.sweep.counts, (StateCounts{.running = 1, .cancelled = 2}));
  EXPECT_EQ(cancelled.sweep.state, "cancelled");
  EXPECT_FALSE(cancelled.sweep.finished);
  EXPECT_EQ(beat("a", lease), Directive::kCancel);
  ASSERT_TRUE(finish(lease, Outcome::kCancelled).ok());
  EXPECT_EQ(view({1}).counts, (StateCounts{.cancelled = 3}));
  EXPECT_TRUE(view({1}).finished);
  EXPECT_EQ(change(SweepChange::kCancel, {1}).changed, 0);
}

TEST_F(SweepChangesTest, ACancelledTrialWhoseWorkerIsSilentEndsWithItsLeaseAndItsLateSuccessIsRefused) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  change(SweepChange::kCancel, {1});
  advance(121s);
  EXPECT_EQ(state(1), TrialState::kCancelled);
  EXPECT_EQ(finish(lease, Outcome::kSucceeded).code(), StatusCode::kAborted);
  EXPECT_EQ(beat("a", lease), Directive::kFenced);
}

TEST_F(SweepChangesTest, ASuccessThatWasOnItsWayBeatsACancel) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  change(SweepChange::kCancel, {1});
  ASSERT_TRUE(finish(lease, Outcome::kSucceeded).ok());
  EXPECT_EQ(state(1), TrialState::kSucceeded);
}

TEST_F(SweepChangesTest, WhatOneSweepCancelsAnotherMayKeep) {
  submit({.name = "one", .seeds = {0, 1}});
  submit({.name = "two", .seeds = {1, 2}});
  connect("a");
  EXPECT_EQ(change(SweepChange::kCancel, {1}).changed, 1) << "the shared trial goes on for sweep two";
  EXPECT_EQ(state(1), TrialState::kCancelled);
  EXPECT_EQ(state(2), TrialState::kQueued);
  EXPECT_EQ(view({1}).state, "cancelled");
  EXPECT_TRUE(view({1}).finished);
  EXPECT_EQ(view({2}).state, "running");
  EXPECT_EQ(change(SweepChange::kCancel, {2}).changed, 2);
  EXPECT_EQ(state(2), TrialState::kCancelled);
}

TEST_F(SweepChangesTest, ARunningSharedTrialIsCancelledByTheLastSweepThatWantsIt) {
  submit({.name = "one"});
  submit({.name = "two"});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  change(SweepChange::kCancel, {1});
  EXPECT_EQ(beat("a", lease), Directive::kContinue);
  change(SweepChange::kCancel, {2});
  EXPECT_EQ(beat("a", lease), Directive::kCancel);
  submit({.name = "three"});
  EXPECT_EQ(beat("a", lease), Directive::kContinue) << "a new sweep wants it after all";
  ASSERT_TRUE(finish(lease, Outcome::kCancelled).ok());
  EXPECT_EQ(state(1), TrialState::kQueued) << "the worker had stopped already";
}

TEST_F(SweepChangesTest, PauseStopsWhatRunsAndResumeQueuesItAgain) {
  submit({.seeds = {0, 1}});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  EXPECT_EQ(change(SweepChange::kPause, {1}).changed, 2);
  EXPECT_EQ(view({1}).counts, (StateCounts{.running = 1, .paused = 1}));
  EXPECT_EQ(view({1}).state, "paused");
  EXPECT_EQ(beat("a", lease), Directive::kStop);
  ASSERT_TRUE(finish(lease, Outcome::kPreempted).ok());
  EXPECT_EQ(view({1}).counts, (StateCounts{.paused = 2}));
  EXPECT_FALSE(ask("a")->has_value());
  restart();
  connect("a");
  EXPECT_FALSE(ask("a")->has_value());
  EXPECT_EQ(change(SweepChange::kResume, {1}).changed, 2);
  EXPECT_EQ(view({1}).state, "running");
  EXPECT_TRUE(ask("a")->has_value());
}

TEST_F(SweepChangesTest, APausedTrialRunsForASweepThatWantsIt) {
  submit({.name = "one"});
  change(SweepChange::kPause, {1});
  EXPECT_EQ(state(1), TrialState::kPaused);
  submit({.name = "two"});
  EXPECT_EQ(state(1), TrialState::kQueued);
  EXPECT_EQ(change(SweepChange::kPause, {2}).changed, 1);
  EXPECT_EQ(change(SweepChange::kCancel, {2}).changed, 0) << "sweep one still wants it, paused";
  EXPECT_EQ(state(1), TrialState::kPaused);
}

TEST_F(SweepChangesTest, ATrialInBackoffCanBePausedAndCancelled) {
  submit({.seeds = {0, 1}});
  connect("a", 2);
  const job::Lease one = acquire("a", "cpu:0").lease, two = acquire("a", "cpu:1").lease;
  ASSERT_TRUE(finish(one, Outcome::kInfrastructure).ok());
  ASSERT_TRUE(finish(two, Outcome::kInfrastructure).ok());
  change(SweepChange::kPause, {1}, {one.trial});
  change(SweepChange::kCancel, {1}, {two.trial});
  advance(1h);
  EXPECT_EQ(state(one.trial.value), TrialState::kPaused);
  EXPECT_EQ(state(two.trial.value), TrialState::kCancelled);
}

TEST_F(SweepChangesTest, RetryQueuesTheFailedAndTheCancelledWithAllTheirTries) {
  submit({.seeds = {0, 1, 2}});
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kNumeric).ok());
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kSucceeded).ok());
  change(SweepChange::kCancel, {1});
  EXPECT_EQ(view({1}).state, "cancelled");
  const ChangeView retried = change(SweepChange::kRetry, {1});
  EXPECT_EQ(retried.changed, 2);
  EXPECT_EQ(retried.sweep.counts, (StateCounts{.queued = 2, .succeeded = 1}));
  EXPECT_EQ(retried.sweep.state, "running");
  EXPECT_EQ(acquire("a").lease.attempt, 2);
}

TEST_F(SweepChangesTest, ASweepThatHadDoneWithATrialDoesNotHoldOnToItWhenAnotherRunsItAgain) {
  submit({.name = "one"});
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kNumeric).ok());
  submit({.name = "two"});
  EXPECT_EQ(view({1}).state, "finished");
  EXPECT_TRUE(view({1}).finished);
  EXPECT_EQ(view({2}).state, "running");
  EXPECT_EQ(change(SweepChange::kCancel, {2}).changed, 1);
  EXPECT_EQ(state(1), TrialState::kCancelled);
}

TEST_F(SweepChangesTest, ATrialThatIsStillLeavingKeepsItsSweepRunning) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  change(SweepChange::kCancel, {1}, {lease.trial});
  EXPECT_EQ(view({1}).state, "running");
  EXPECT_FALSE(view({1}).finished);
  ASSERT_TRUE(finish(lease, Outcome::kCancelled).ok());
  EXPECT_EQ(view({1}).state, "finished");
}

TEST_F(SweepChangesTest, AChangeOfSingleTrialsConcernsThemAlone) {
  submit({.seeds = {0, 1, 2}});
  EXPECT_EQ(change(SweepChange::kCancel, {1}, {{2}}).changed, 1);
  EXPECT_EQ(view({1}).state, "running");
  EXPECT_EQ(view({1}).counts, (StateCounts{.queued = 2, .cancelled = 1}));
  Answer<ChangeView> stranger;
  sweeps().change(SweepChange::kCancel, {.sweep = {.id = {1}}, .trials = {{77}}}, stranger.reply());
  const auto refused = stranger.get();
  EXPECT_EQ(refused.error().code(), StatusCode::kNotFound);
  EXPECT_NE(refused.error().message().find("no trial 77"), std::string::npos);
}

TEST_F(SweepChangesTest, AChangeAskedAgainAnswersAsItDid) {
  submit({.seeds = {0, 1}});
  Answer<ChangeView> first, again;
  sweeps().change(SweepChange::kCancel, {.sweep = {.name = "study"}, .request_id = "c-1"}, first.reply());
  EXPECT_EQ(first.get()->changed, 2);
  sweeps().change(SweepChange::kCancel, {.sweep = {.name = "study"}, .request_id = "c-1"}, again.reply());
  EXPECT_EQ(again.get()->changed, 2);
}

TEST_F(SweepChangesTest, ACancelledTrialCannotBeClaimedByASlotThatWasJustOffered) {
  submit({});
  connect("a");
  Answer<ChangeView> cancelled;
  Answer<MaybeTrial> asked;
  sweeps().change(SweepChange::kCancel, {.sweep = {.id = {1}}}, cancelled.reply());
  const auto pending = leases().acquire({"a"}, "cpu:0", "", 1s, asked.reply());
  EXPECT_TRUE(cancelled.get());
  advance(2s);
  EXPECT_FALSE(asked.get()->has_value());
  EXPECT_EQ(state(1), TrialState::kCancelled);
}

}  // namespace
}  // namespace oodml::coordinator::testing
