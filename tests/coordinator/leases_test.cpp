#include <cmath>
#include <limits>

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Directive;
using job::Outcome;
using job::TrialState;

class LeasesTest : public ServiceTest {};

TEST_F(LeasesTest, ALeaseCarriesTheWholeTrial) {
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

TEST_F(LeasesTest, ExpiredLeaseReturnsAsANewAttemptAndTheOldOneIsFencedOff) {
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

TEST_F(LeasesTest, ALeaseThatARestoredDatabaseDoesNotKnowIsTakenUpWhenNobodyClaimedItsTrial) {
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

TEST_F(LeasesTest, ATakenUpLeaseEndsTheEarlierAttemptThatTheBackupShowsRunning) {
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

TEST_F(LeasesTest, AStrangeLeaseIsNotTakenUpWhenItsTrialIsAnotherOrWentOnWithoutIt) {
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

TEST_F(LeasesTest, AHeartbeatRenewsTheLeasesItNamesAndOnlyThose) {
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

TEST_F(LeasesTest, AWorkerThatIsNotKnownHasToRegister) {
  EXPECT_EQ(leases().heartbeat({"ghost"}, {}).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(ask("ghost").error().code(), StatusCode::kNotFound);
  connect("a");
  const auto wrong_slot = ask("a", "", "cuda:9");
  EXPECT_EQ(wrong_slot.error().code(), StatusCode::kInvalidArgument);
  EXPECT_NE(wrong_slot.error().message().find("cpu:0"), std::string::npos);
}

TEST_F(LeasesTest, ALostReplyToAcquireIsGivenAgainWhileTheLeaseLives) {
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

TEST_F(LeasesTest, ALostReplyToFinishIsGivenAgain) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  EXPECT_TRUE(finish(lease, Outcome::kSucceeded, 0, "f-1").ok());
  EXPECT_TRUE(finish(lease, Outcome::kSucceeded, 0, "f-1").ok());
  EXPECT_TRUE(finish(lease, Outcome::kSucceeded, 0, "f-2").ok()) << "the same end told again says nothing new";
  EXPECT_EQ(finish(lease, Outcome::kNumeric, 0, "f-3").code(), StatusCode::kAborted);
  EXPECT_EQ(sweeps().get_trial(lease.trial, 0, 0)->attempts.size(), 1u);
}

TEST_F(LeasesTest, ALateResultCountsWhenNobodyClaimedTheTrialSince) {
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

TEST_F(LeasesTest, AWorkerCutOffPastItsLeaseGoesOnWhenNobodyClaimedItsTrial) {
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

TEST_F(LeasesTest, TriesThatWereGivenUpForSilenceComeBackWithTheirWorker) {
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

TEST_F(LeasesTest, AfterARestartEveryLiveLeaseGetsTheGrace) {
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

TEST_F(LeasesTest, ALostLeaseCanComeBackAfterARestartToo) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  advance(121s);
  restart();
  connect("a");
  EXPECT_EQ(beat("a", lease), Directive::kContinue);
  EXPECT_EQ(trial(lease.trial).state, TrialState::kRunning);
}

TEST_F(LeasesTest, TheQueueIsTheSameAfterARestart) {
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

TEST_F(LeasesTest, EventsAreStoredOnceAndGapsAreRefused) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(*push("a", lease, 1, {job::Hello{.device = "cpu", .pid = 4}, metric(1, "e_recall@1", 0.25)}), 2);
  EXPECT_EQ(*push("a", lease, 1,
                  {job::Hello{.device = "cpu", .pid = 4}, metric(1, "e_recall@1", 0.25), metric(2, "nmi", nan)}),
            3);
  EXPECT_EQ(*push("a", lease, 1, {job::Hello{}}), 3);
  const auto gap = push("a", lease, 5, {job::Done{.epochs = 2}});
  EXPECT_EQ(gap.error().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(gap.error().message().find("event 4"), std::string::npos) << gap.error().message();
  EXPECT_EQ(push("a", lease, 4, {metric(1, std::string(300, 'n'), 0)}).error().code(), StatusCode::kInvalidArgument);
  job::Lease other = lease;
  other.attempt = 9;
  EXPECT_EQ(push("a", other, 4, {job::Done{}}).error().code(), StatusCode::kInvalidArgument);

  const TrialDetail detail = *sweeps().get_trial(lease.trial, 0, 100);
  ASSERT_EQ(detail.events.size(), 3u);
  EXPECT_EQ(detail.events[0].body, job::EventBody(job::Hello{.device = "cpu", .pid = 4}));
  EXPECT_EQ(detail.events[1].body, job::EventBody(metric(1, "e_recall@1", 0.25)));
  EXPECT_TRUE(std::isnan(std::get<job::Metric>(detail.events[2].body).value));
  ASSERT_EQ(detail.metrics.size(), 2u);
  EXPECT_TRUE(std::isnan(detail.metrics[1].value));
  EXPECT_EQ(detail.trial.newest_recall->value, 0.25);
  EXPECT_EQ(sweeps().get_trial(lease.trial, 2, 1)->events.size(), 1u) << "two events seen, one asked for";
}

TEST_F(LeasesTest, EveryKindOfEventReadsBackAsItWas) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  const std::vector<job::EventBody> bodies = {job::Hello{.version = 1, .device = "cuda:1", .pid = 77},
                                              metric(0, "e_recall@1", std::numeric_limits<double>::infinity()),
                                              job::Checkpoint{.epoch = 3, .path = "checkpoints/0003", .sha256 = "ab"},
                                              job::Warning{.message = "\"quoted\"\nand 2 lines"},
                                              job::Stopped{.epoch = 3, .step = 12},
                                              job::Failed{.kind = "numeric", .message = "NaN"},
                                              job::Done{.epochs = 4}};
  ASSERT_TRUE(push("a", lease, 1, bodies));
  const TrialDetail detail = *sweeps().get_trial(lease.trial, 0, 100);
  ASSERT_EQ(detail.events.size(), bodies.size());
  for (std::size_t i = 0; i < bodies.size(); ++i) EXPECT_EQ(detail.events[i].body, bodies[i]) << i;
}

TEST_F(LeasesTest, ProgressCountsAsDurableButOnlyTheNewestIsKept) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  ASSERT_EQ(*push("a", lease, 1, {job::Progress{.epoch = 1, .step = 10}, job::Progress{.epoch = 1, .step = 20}}), 2);
  EXPECT_EQ(trial(lease.trial).progress->step, 20);
  EXPECT_TRUE(sweeps().get_trial(lease.trial, 0, 100)->events.empty());
  restart();
  EXPECT_EQ(*push("a", lease, 3, {job::Done{}}), 3);
}

TEST_F(LeasesTest, AnAttemptEndsOnlyAfterItsEvents) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  ASSERT_TRUE(push("a", lease, 1, {job::Hello{}}));
  const Status early = finish(lease, Outcome::kSucceeded, 2);
  EXPECT_EQ(early.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(early.message().find("only those up to 1"), std::string::npos) << early.message();
  ASSERT_TRUE(push("a", lease, 2, {job::Done{}}));
  EXPECT_TRUE(finish(lease, Outcome::kSucceeded, 2).ok());
  EXPECT_EQ(*push("a", lease, 2, {job::Done{}}), 2) << "a repeat is harmless";
  EXPECT_EQ(push("a", lease, 3, {job::Done{}}).error().code(), StatusCode::kAborted);
}

TEST_F(LeasesTest, AFailureThatWouldComeAgainEndsTheTrial) {
  submit({.seeds = {0, 1, 2}});
  connect("a");
  for (const Outcome outcome : {Outcome::kOutOfMemory, Outcome::kNumeric, Outcome::kBadConfiguration}) {
    const job::Lease lease = acquire("a").lease;
    ASSERT_TRUE(finish(lease, outcome, 0, "", "because").ok());
    EXPECT_EQ(trial(lease.trial).state, TrialState::kFailed);
    EXPECT_EQ(trial(lease.trial).message, "because");
    EXPECT_EQ(trial(lease.trial).outcome, job::to_text(outcome));
  }
}

TEST_F(LeasesTest, InfrastructureIsRetriedFiveTimesWithAGrowingPauseAndPreemptionDoesNotCount) {
  submit({});
  connect("a");
  std::vector<Duration> pauses;
  for (int tries = 1; tries <= job::kMaxRetries; ++tries) {
    ASSERT_TRUE(finish(acquire("a").lease, Outcome::kPreempted).ok());
    const job::Lease lease = acquire("a").lease;
    ASSERT_TRUE(finish(lease, Outcome::kInfrastructure).ok());
    ASSERT_EQ(trial(lease.trial).state, TrialState::kBackoff);
    EXPECT_NE(trial(lease.trial).waiting_for.find("backoff until"), std::string::npos);
    pauses.push_back(*trial(lease.trial).not_before - clock.now());
    advance(pauses.back() - 1ms);
    EXPECT_FALSE(ask("a")->has_value());
    advance(1ms);
  }
  for (int i = 0; i < job::kMaxRetries; ++i) {
    EXPECT_GE(pauses[i], 30s * (1 << i));
    EXPECT_LE(pauses[i], 30s * (1 << i) * 5 / 4);
  }
  connect("a");
  const job::Lease last = acquire("a").lease;
  ASSERT_TRUE(finish(last, Outcome::kInfrastructure, 0, "", "disk broke").ok());
  EXPECT_EQ(trial(last.trial).state, TrialState::kFailed);
  EXPECT_EQ(trial(last.trial).message, "given up after 6 tries: disk broke");
}

TEST_F(LeasesTest, ATrialThatCrashedOnThreeWorkersIsSetAside) {
  submit({});
  TrialId poison;
  for (const char* worker : {"a", "b", "b", "c"}) {
    connect(worker);
    const job::Lease lease = acquire(worker).lease;
    poison = lease.trial;
    ASSERT_TRUE(finish(lease, Outcome::kCrashed, 0, "", "signal 11").ok());
    advance(10min);
  }
  EXPECT_EQ(trial(poison).state, TrialState::kFailed);
  EXPECT_EQ(trial(poison).message, "set aside: its process crashed on 3 different workers (a, b, c): signal 11");
  change(SweepChange::kRetry, {1});
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kCrashed).ok());
  EXPECT_EQ(trial(poison).state, TrialState::kBackoff) << "a retry by hand forgets the crashes before it";
}

TEST_F(LeasesTest, EarlierAttemptsOnTheSameWorkerAreNamedNewestFirst) {
  submit({});
  for (const char* worker : {"a", "b", "a"}) {
    connect(worker);
    ASSERT_TRUE(finish(acquire(worker).lease, Outcome::kPreempted).ok());
  }
  EXPECT_EQ(acquire("a").earlier_attempts, (std::vector<AttemptEpoch>{3, 1}));
}

TEST_F(LeasesTest, ACheckpointNeedsALiveLease) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  Answer<std::monostate> kept, refused;
  leases().commit_checkpoint(lease, {.epoch = 2, .path = "p", .sha256 = "s"}, kept.reply());
  EXPECT_TRUE(kept.get());
  ASSERT_TRUE(finish(lease, Outcome::kSucceeded).ok());
  leases().commit_checkpoint(lease, {.epoch = 3, .path = "p", .sha256 = "s"}, refused.reply());
  EXPECT_EQ(refused.get().error().code(), StatusCode::kAborted);
}

// Long polls

TEST_F(LeasesTest, AWaitingSlotIsAnsweredBySubmission) {
  connect("a");
  Answer<MaybeTrial> answer;
  const auto pending = leases().acquire({"a"}, "cpu:0", "r", 1h, answer.reply());
  advance(10s);
  EXPECT_FALSE(answer.ready());
  submit({});
  EXPECT_TRUE((*answer.get()).has_value());
}

TEST_F(LeasesTest, AWaitingSlotIsAnsweredEmptyWhenItsTimeIsOverOrItIsCancelled) {
  connect("a", 2);
  Answer<MaybeTrial> in_time, cancelled;
  const auto first = leases().acquire({"a"}, "cpu:0", "r1", 60s, in_time.reply());
  const auto second = leases().acquire({"a"}, "cpu:1", "r2", 60s, cancelled.reply());
  second->cancel();
  EXPECT_FALSE(cancelled.get()->has_value());
  second->cancel();
  advance(59s);
  EXPECT_FALSE(in_time.ready());
  advance(1s);
  EXPECT_FALSE(in_time.get()->has_value());
  submit({});
  EXPECT_EQ(view({1}).counts.queued, 1) << "nobody who left got the trial";
}

TEST_F(LeasesTest, APollAskedAgainGoesOnWithTheNewReply) {
  connect("a");
  Answer<MaybeTrial> lost, again;
  const auto first = leases().acquire({"a"}, "cpu:0", "r", 1h, lost.reply());
  const auto second = leases().acquire({"a"}, "cpu:0", "r", 1h, again.reply());
  EXPECT_FALSE(lost.get()->has_value());
  submit({});
  EXPECT_TRUE(again.get()->has_value());
}

TEST_F(LeasesTest, ANewerQuestionOfTheSameSlotEndsTheOlder) {
  connect("a");
  Answer<MaybeTrial> older, newer;
  const auto first = leases().acquire({"a"}, "cpu:0", "r1", 1h, older.reply());
  const auto second = leases().acquire({"a"}, "cpu:0", "r2", 1h, newer.reply());
  EXPECT_FALSE(older.get()->has_value());
  submit({.seeds = {0, 1}});
  EXPECT_TRUE(newer.get()->has_value());
  EXPECT_EQ(view({1}).counts.running, 1);
}

TEST_F(LeasesTest, StoppingAnswersThoseWhoWait) {
  connect("a");
  Answer<MaybeTrial> answer;
  const auto pending = leases().acquire({"a"}, "cpu:0", "r", 1h, answer.reply());
  service.reset();
  EXPECT_FALSE(answer.get()->has_value());
  pending->cancel();
  open();
}

TEST_F(LeasesTest, SlotsWaitInTheOrderInWhichTheyCame) {
  connect("a");
  connect("b");
  Answer<MaybeTrial> first, second;
  const auto one = leases().acquire({"b"}, "cpu:0", "r1", 1h, first.reply());
  const auto two = leases().acquire({"a"}, "cpu:0", "r2", 1h, second.reply());
  submit({});
  EXPECT_TRUE(first.get()->has_value());
  EXPECT_FALSE(second.ready());
}

// What fits, and why a trial waits

TEST_F(LeasesTest, AWorkerIsOnlyGivenTrialsItCanRun) {
  submit({.name = "elsewhere", .benchmark = "cub200"}, "", 9);
  submit({.name = "other-split", .seeds = {1}, .split = "8"}, "", 8);
  submit({.name = "wide", .seeds = {2}, .cpu_threads = 4}, "", 7);
  submit({.name = "fits", .seeds = {3}, .split = "2"});
  connect("a");
  EXPECT_EQ(acquire("a").spec.seed(), 3);
  EXPECT_FALSE(ask("a")->has_value());
}

TEST_F(LeasesTest, AQueuedTrialSaysWhyItWaits) {
  const auto reason = [&](std::int64_t id) { return trial({id}).waiting_for; };
  submit({});
  EXPECT_EQ(reason(1), "no worker is connected");
  connect("a");
  EXPECT_EQ(reason(1), "slot cpu:0 of a to ask for it");
  submit({.name = "birds", .benchmark = "cub200"});
  EXPECT_EQ(reason(2), "no connected worker can run it: a: no benchmark cub200 on disk (has fashion_mnist)");
  acquire("a");
  submit({.name = "more", .seeds = {5}});
  EXPECT_EQ(reason(3), "the only slot that can run it is busy");
  connect("b");
  EXPECT_EQ(reason(2),
            "no connected worker can run it: a and 1 other: no benchmark cub200 on disk (has fashion_mnist)");
  change(SweepChange::kPause, {3});
  EXPECT_EQ(reason(3), "paused");
  advance(121s);
  EXPECT_EQ(reason(2), "no worker is connected");
}

TEST_F(LeasesTest, WorkersAreShownWithWhatTheyRun) {
  submit({});
  connect("b");
  connect("a");
  const job::Lease lease = acquire("a").lease;
  auto workers = *sweeps().workers();
  ASSERT_EQ(workers.size(), 2u);
  EXPECT_EQ(workers[0].info, worker_info("a"));
  EXPECT_EQ(workers[0].state, "ready");
  EXPECT_EQ(workers[0].running, std::vector<TrialId>{lease.trial});
  EXPECT_TRUE(workers[1].running.empty());
  connect("b", 0);
  EXPECT_EQ(sweeps().workers()->at(1).state, "draining");
  advance(121s);
  EXPECT_EQ(sweeps().workers()->at(0).state, "lost");
}

TEST_F(LeasesTest, AWorkerThatLeftIsShownSoAtOnceAndNoTrialWaitsForIt) {
  connect("a");
  connect("b");
  submit({.benchmark = "cub200"});
  leases().leave({"a"});
  EXPECT_EQ(sweeps().workers()->at(0).state, "left");
  EXPECT_FALSE(sweeps().workers()->at(0).connected);
  EXPECT_EQ(trial({1}).waiting_for,
            "no connected worker can run it: b: no benchmark cub200 on disk (has fashion_mnist)");
  leases().leave({"b"});
  EXPECT_EQ(trial({1}).waiting_for, "no worker is connected");
  EXPECT_EQ(leases().heartbeat({"a"}, {}).error().code(), StatusCode::kNotFound) << "it has to register again";
  connect("a");
  EXPECT_EQ(sweeps().workers()->at(0).state, "ready");
  leases().leave({"nobody"});
}

TEST_F(LeasesTest, AWorkersPollsEndWhenItLeaves) {
  connect("a");
  Answer<MaybeTrial> waiting;
  const auto poll = leases().acquire({"a"}, "cpu:0", "r", 60s, waiting.reply());
  leases().leave({"a"});
  const auto answer = waiting.get();
  ASSERT_TRUE(answer.has_value()) << answer.error().text();
  EXPECT_FALSE(answer->has_value());
}

TEST_F(LeasesTest, AWorkerThatMissedThreeHeartbeatsIsNotAnswering) {
  connect("a");
  connect("b");
  submit({.benchmark = "cub200"});
  advance(25s);
  EXPECT_EQ(sweeps().workers()->at(0).state, "ready");
  ASSERT_TRUE(leases().heartbeat({"b"}, {}).has_value());
  advance(6s);
  EXPECT_EQ(sweeps().workers()->at(0).state, "not answering");
  EXPECT_EQ(sweeps().workers()->at(1).state, "ready");
  EXPECT_EQ(trial({1}).waiting_for,
            "no connected worker can run it: b: no benchmark cub200 on disk (has fashion_mnist)");
  ASSERT_TRUE(leases().heartbeat({"a"}, {}).has_value());
  EXPECT_EQ(sweeps().workers()->at(0).state, "ready");
}

TEST_F(LeasesTest, AWorkerThatDrainsStillLearnsWhatItWasGiven) {
  submit({});
  connect("a");
  const auto given = ask("a", "the-request");
  ASSERT_TRUE(given.has_value() && given->has_value());
  connect("a", 0);
  const auto again = ask("a", "the-request");
  ASSERT_TRUE(again.has_value()) << again.error().text();
  EXPECT_EQ((*again)->lease, (*given)->lease);
  EXPECT_EQ(ask("a", "another").error().code(), StatusCode::kInvalidArgument) << "it has no slot";
}

TEST_F(LeasesTest, AHostileAnnouncementIsRefused) {
  const auto code = [&](job::WorkerInfo info) {
    Answer<LeaseTerms> answer;
    leases().register_worker(info, {}, answer.reply());
    auto result = answer.get();
    return result ? StatusCode::kOk : result.error().code();
  };
  job::WorkerInfo twice = worker_info("a", 2);
  twice.slots[1].name = twice.slots[0].name;
  EXPECT_EQ(code(twice), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(worker_info("")), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(worker_info(std::string(1000, 'x'))), StatusCode::kInvalidArgument);
  EXPECT_EQ(code(worker_info("many", 5000)), StatusCode::kInvalidArgument);
  connect("a");
  EXPECT_EQ(ask("a", std::string(1000, 'r')).error().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace oodml::coordinator::testing
