#include "coordinator/service/sharing.h"

#include <cmath>

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator {
namespace {

using namespace testing;
using job::Outcome;
using job::TrialState;

/// Shares, limits and marks as the whole service keeps them.
class SharingTest : public ServiceTest {
 protected:
  SubmitView submit_as(const std::string& owner, TestSweep sweep, std::int64_t priority = 0) {
    sweep.name = owner;
    Answer<SubmitView> answer;
    SubmitOptions options;
    options.priority = priority;
    options.owner = owner;
    sweeps().submit(sweep.text(), "", options, answer.reply());
    const auto result = answer.get();
    EXPECT_TRUE(result) << result.error().text();
    drain();
    return result.value_or(SubmitView{});
  }
  Result<SharesView> set_share(const ShareChange& change, const std::string& request_id = "") {
    Answer<SharesView> answer;
    service->sharing().set_share(change, request_id, answer.reply());
    auto result = answer.get();
    drain();
    return result;
  }
  Result<MarkView> mark(const std::string& worker, WorkerMark mark, const std::string& reason = "") {
    Answer<MarkView> answer;
    service->sharing().mark_worker({.worker = worker, .mark = mark, .reason = reason, .said_by = "olga"}, "",
                                   answer.reply());
    auto result = answer.get();
    drain();
    return result;
  }
  bool finds_nothing(const std::string& worker, const std::string& slot = "cpu:0") {
    const auto found = ask(worker, "", slot);
    return found && !found->has_value();
  }
  std::string sweep_of(const job::LeasedTrial& leased) {
    const auto detail = sweeps().get_trial(leased.lease.trial, 0, 0);
    for (const SweepId sweep : detail->sweeps) return view(sweep).name;
    return "";
  }
  /// Gives it back as failed.
  void fail(const job::LeasedTrial& leased, const std::string& message) {
    EXPECT_TRUE(finish(leased.lease, Outcome::kNumeric, 0, "", message).ok());
  }
};

TEST_F(SharingTest, OwnersTakeTurnsAndARestartKeepsWhatTheyHad) {
  submit_as("alice", {.seeds = {0, 1, 2, 3, 4, 5}});
  submit_as("bob", {.seeds = {10, 11, 12, 13, 14, 15}});
  connect("w", 2);
  const job::LeasedTrial first = acquire("w", "cpu:0");
  EXPECT_EQ(sweep_of(first), "alice");
  const job::LeasedTrial second = acquire("w", "cpu:1");
  EXPECT_EQ(sweep_of(second), "bob");
  advance(60s);
  EXPECT_TRUE(finish(second.lease, Outcome::kSucceeded).ok());
  for (int i = 0; i < 100; ++i) {
    advance(60s);
    EXPECT_TRUE(beat("w", first.lease));
  }
  EXPECT_TRUE(finish(first.lease, Outcome::kSucceeded).ok());
  const double used = service->sharing().shares()->shares.back().used;
  EXPECT_EQ(service->sharing().shares()->shares.back().owner, "alice");

  restart();
  EXPECT_NEAR(service->sharing().shares()->shares.back().used, used, 1);
  connect("w", 2);
  EXPECT_EQ(sweep_of(acquire("w", "cpu:0")), "bob") << "alice had a hundred minutes more";
}

TEST_F(SharingTest, SharesAndLimitsAreKeptAndWhatIsAskedAgainIsAnsweredAgain) {
  EXPECT_TRUE(set_share({.owner = "alice", .weight = 2.5}, "r1"));
  EXPECT_TRUE(set_share({.owner = "alice", .max_parallel = 4}, "r2"));
  EXPECT_TRUE(set_share({.owner = "alice", .weight = 7}, "r3"));
  EXPECT_TRUE(set_share({.owner = "alice", .weight = 2.5}, "r1")) << "it was done; 7 stays";
  EXPECT_EQ(set_share({.owner = "alice", .weight = 3}, "r1").error().code(), StatusCode::kAlreadyExists);
  EXPECT_TRUE(set_share({.axis = "criterion", .label = "margin", .max_parallel = 3}));
  restart();
  const SharesView shares = *service->sharing().shares();
  ASSERT_EQ(shares.shares.size(), 1u);
  EXPECT_EQ(shares.shares[0].weight, 7);
  EXPECT_EQ(shares.shares[0].max_parallel, 4);
  ASSERT_EQ(shares.labels.size(), 1u);
  EXPECT_EQ(shares.labels[0].max_parallel, 3);
  EXPECT_TRUE(set_share({.axis = "criterion", .label = "margin", .max_parallel = 0})->labels.empty());

  EXPECT_EQ(set_share({.owner = "alice", .weight = 0}).error().message(), "weight: 0; 0.001 to 1000 wanted");
  EXPECT_EQ(set_share({.owner = "alice", .weight = std::nan("")}).error().code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(set_share({.owner = "alice"}));
  EXPECT_FALSE(set_share({.axis = "a", .label = "b", .weight = 1}));
}

TEST_F(SharingTest, ALimitOfALabelHoldsTrialsThatWaitAndLetsThemGoAtOnce) {
  submit_as("alice", {.criteria = {"margin", "triplet"}, .seeds = {0, 1}});
  connect("w", 4);
  EXPECT_TRUE(set_share({.axis = "criterion", .label = "margin", .max_parallel = 1}));
  const job::LeasedTrial margin = acquire("w", "cpu:0");
  acquire("w", "cpu:1");
  acquire("w", "cpu:2");
  Answer<MaybeTrial> waiting;
  leases().acquire({"w"}, "cpu:3", "", 600s, waiting.reply());
  drain();
  EXPECT_FALSE(waiting.ready());
  std::string held;
  const auto detail = sweeps().get({.sweep = {.name = "alice"}, .states = {TrialState::kQueued}});
  ASSERT_TRUE(detail);
  for (const TrialView& one : detail->trials) held = one.waiting_for;
  EXPECT_EQ(held, "criterion=margin runs 1 trial at once (max_parallel 1)");
  EXPECT_TRUE(finish(margin.lease, Outcome::kSucceeded).ok());
  ASSERT_TRUE(waiting.ready()) << "a slot that waits is told when a limit has room";
  EXPECT_TRUE(waiting.get()->has_value());
}

TEST_F(SharingTest, ALimitOfAnOwnerCountsAllOfItsSweeps) {
  EXPECT_TRUE(set_share({.owner = "alice", .max_parallel = 2}));
  submit_as("alice", {.seeds = {0, 1}});
  submit_as("alice", {.seeds = {2, 3}});
  connect("w", 4);
  acquire("w", "cpu:0");
  acquire("w", "cpu:1");
  EXPECT_TRUE(finds_nothing("w", "cpu:2"));
  restart();
  connect("w", 4);
  EXPECT_TRUE(finds_nothing("w", "cpu:2")) << "what runs counts after a restart, too";
  EXPECT_TRUE(set_share({.owner = "alice", .max_parallel = 3}));
  acquire("w", "cpu:2");
  EXPECT_TRUE(finds_nothing("w", "cpu:3"));
}

TEST_F(SharingTest, TooManyFailuresPauseASweepAndResumeCountsFromThen) {
  TestSweep sweep{.seeds = {0, 1, 2, 3, 4, 5, 6, 7}};
  sweep.max_failures = 2;
  const SubmitView submitted = submit_as("alice", sweep);
  connect("w", 2);
  advance(1s);
  fail(acquire("w", "cpu:0"), "loss is nan");
  EXPECT_EQ(view(submitted.sweep).state, "running");
  const job::LeasedTrial running = acquire("w", "cpu:1");
  advance(1s);
  const job::LeasedTrial second = acquire("w", "cpu:0");
  fail(second, "loss is inf");
  SweepView now = view(submitted.sweep);
  EXPECT_EQ(now.state, "paused");
  EXPECT_EQ(now.paused_because,
            "2 trials failed, the newest, trial " + std::to_string(second.lease.trial.value) + ": loss is inf");
  EXPECT_EQ(now.counts.paused, 5);
  EXPECT_TRUE(finds_nothing("w"));
  EXPECT_EQ(*beat("w", running.lease), job::Directive::kContinue) << "what runs goes on";
  EXPECT_TRUE(finish(running.lease, Outcome::kSucceeded).ok());

  advance(1s);
  change(SweepChange::kResume, submitted.sweep);
  now = view(submitted.sweep);
  EXPECT_EQ(now.state, "running");
  EXPECT_EQ(now.paused_because, "");
  advance(1s);
  fail(acquire("w"), "again");
  EXPECT_EQ(view(submitted.sweep).state, "running") << "one since";
  advance(1s);
  fail(acquire("w"), "and again");
  EXPECT_EQ(view(submitted.sweep).state, "paused");
}

TEST_F(SharingTest, ACordonedWorkerGetsNothingNewAndIsNoReasonToWait) {
  submit_as("alice", {.seeds = {0, 1, 2}});
  connect("gpu-1-0123abcd", 2);
  const job::LeasedTrial running = acquire("gpu-1-0123abcd");
  const auto marked = mark("gpu-1", WorkerMark::kCordoned, "new fans");
  ASSERT_TRUE(marked) << marked.error().text();
  EXPECT_EQ(marked->workers, 1);
  EXPECT_EQ(marked->trials_stopped, 0);
  EXPECT_TRUE(finds_nothing("gpu-1-0123abcd", "cpu:1"));
  EXPECT_EQ(*beat("gpu-1-0123abcd", running.lease), job::Directive::kContinue);
  const WorkerView seen = sweeps().workers()->front();
  EXPECT_EQ(seen.mark, "cordoned");
  EXPECT_EQ(seen.state, "cordoned") << "though it runs what it has";
  EXPECT_EQ(seen.mark_reason, "by olga since " + to_iso8601(clock.now()) + ": new fans");
  EXPECT_EQ(trial({2}).waiting_for, "no connected worker can run it: gpu-1-0123abcd: is cordoned " + seen.mark_reason);

  restart();
  connect("gpu-1-0123abcd", 2);
  EXPECT_TRUE(finds_nothing("gpu-1-0123abcd", "cpu:1")) << "a restart of the coordinator changes nothing";
  Answer<MaybeTrial> waiting;
  leases().acquire({"gpu-1-0123abcd"}, "cpu:1", "", 600s, waiting.reply());
  drain();
  EXPECT_FALSE(mark("gpu-1-0123abcd", WorkerMark::kNone)) << "it is by its name";
  EXPECT_TRUE(mark("gpu-1", WorkerMark::kNone));
  ASSERT_TRUE(waiting.ready());
  EXPECT_TRUE(waiting.get()->has_value());
  EXPECT_EQ(mark("gpu-7", WorkerMark::kCordoned).error().code(), StatusCode::kNotFound);
}

TEST_F(SharingTest, WhatRunsOnADrainedWorkerStopsAndGoesElsewhere) {
  submit_as("alice", {.seeds = {0}});
  connect("a");
  connect("b");
  const job::LeasedTrial running = acquire("a");
  EXPECT_EQ(mark("a", WorkerMark::kDrained)->trials_stopped, 1);
  EXPECT_EQ(*beat("a", running.lease), job::Directive::kStop);
  EXPECT_EQ(sweeps().workers()->front().state, "draining");
  EXPECT_TRUE(finish(running.lease, Outcome::kPreempted).ok());
  EXPECT_EQ(sweeps().workers()->front().state, "drained");
  EXPECT_TRUE(finds_nothing("a"));
  EXPECT_EQ(acquire("b").lease.trial, running.lease.trial) << "at once: a drained worker is not waited for";
}

TEST_F(SharingTest, AnInterruptedTrialIsKeptAMomentForWhoHasItsCheckpoint) {
  submit_as("alice", {.seeds = {0, 1}});
  connect("a");
  connect("b");
  const job::LeasedTrial first = acquire("a");
  EXPECT_TRUE(finish(first.lease, Outcome::kPreempted).ok());
  const job::LeasedTrial other = acquire("b");
  EXPECT_NE(other.lease.trial, first.lease.trial);
  EXPECT_TRUE(finish(other.lease, Outcome::kSucceeded).ok());
  EXPECT_TRUE(finds_nothing("b"));
  EXPECT_EQ(service->sharing().explain_order(first.lease.trial)->notes,
            (std::vector<std::string>{"kept a moment for a, which has its checkpoint"}));
  const job::LeasedTrial again = acquire("a");
  EXPECT_EQ(again.lease.trial, first.lease.trial);
  EXPECT_TRUE(finish(again.lease, Outcome::kPreempted).ok());
  EXPECT_TRUE(finds_nothing("b"));
  advance(11s);
  EXPECT_EQ(acquire("b").lease.trial, first.lease.trial) << "then anyone";
}

TEST_F(SharingTest, AWorkerThatLeavesIsNotWaitedForThoughItHasTheCheckpoint) {
  submit_as("alice", {.seeds = {0}});
  connect("a");
  connect("b");
  const job::LeasedTrial running = acquire("a");
  connect("a", 0,
          {{.lease = running.lease,
            .fingerprint = running.fingerprint,
            .slot = "cpu:0"}});  // what a worker says first when it is told to leave
  EXPECT_TRUE(finish(running.lease, Outcome::kPreempted).ok());
  EXPECT_EQ(acquire("b").lease.trial, running.lease.trial);
}

TEST_F(SharingTest, AWorkerThatWasCutOffIsPreferredAgainOnceItIsBack) {
  submit_as("alice", {.seeds = {0}});
  connect("a");
  const job::LeasedTrial running = acquire("a");
  advance(121s);
  EXPECT_EQ(trial(running.lease.trial).state, TrialState::kBackoff) << "its lease ran out";
  EXPECT_EQ(*beat("a", running.lease), job::Directive::kContinue) << "what it ran meanwhile goes on where it is";
  EXPECT_TRUE(finish(running.lease, Outcome::kPreempted).ok());
  connect("b");
  EXPECT_TRUE(finds_nothing("b")) << "kept a moment for a";
  EXPECT_EQ(acquire("a").lease.trial, running.lease.trial);
}

TEST_F(SharingTest, TheOrderIsExplained) {
  submit_as("alice", {.seeds = {0, 1, 2, 3}});
  advance(1s);
  const SubmitView urgent = submit_as("alice", {.seeds = {5, 6}}, 3);
  const SubmitView of_bob = submit_as("bob", {.seeds = {10, 11, 12, 13, 14, 15}});
  connect("w", 1);
  acquire("w");  // the urgent sweep's first
  const OrderView order = *service->sharing().explain_order({4});
  ASSERT_EQ(order.ahead.size(), 3u);
  std::map<SweepId, AheadView> by_sweep;
  for (const AheadView& ahead : order.ahead) by_sweep[ahead.sweep] = ahead;
  EXPECT_EQ(by_sweep[urgent.sweep].trials, 1);
  EXPECT_EQ(by_sweep[urgent.sweep].why, "priority 3");
  EXPECT_EQ(by_sweep[of_bob.sweep].sweep_name, "bob");
  EXPECT_EQ(by_sweep[of_bob.sweep].why, "bob has less of its share");
  EXPECT_EQ(by_sweep[SweepId{1}].why, "earlier in the same sweep");
  EXPECT_EQ(by_sweep[SweepId{1}].trials, 3);
  EXPECT_GE(by_sweep[of_bob.sweep].trials, 4);
  EXPECT_EQ(service->sharing().explain_order({5})->notes, (std::vector<std::string>{"it runs"}));
  EXPECT_EQ(service->sharing().explain_order({99}).error().code(), StatusCode::kNotFound);
}

TEST_F(SharingTest, ATrialOfTwoOwnersRunsOnTheAccountOfTheSweepWhoseTurnItHas) {
  submit_as("alice", {.seeds = {0}});
  submit_as("bob", {.seeds = {0}}, 5);
  connect("w");
  acquire("w");
  const SharesView shares = *service->sharing().shares();
  ASSERT_EQ(shares.shares.size(), 1u);
  EXPECT_EQ(shares.shares[0].owner, "bob");
  EXPECT_EQ(shares.shares[0].running, 1);
}

TEST_F(SharingTest, TheBacklogIsWhatWouldBeginWithMoreSlotsByNeed) {
  submit_as("alice", {.criteria = {"margin"}, .seeds = {0, 1, 2, 3}, .gpu_memory_mib = 24'000});
  submit_as("bob", {.criteria = {"triplet"}, .seeds = {0, 1, 2, 3, 4}, .max_parallel = 3});
  submit_as("bob", {.criteria = {"triplet"}, .seeds = {5, 6}, .split = "2"});
  EXPECT_TRUE(set_share({.owner = "bob", .max_parallel = 4}));
  const auto trials_of = [](const WaitingView& view) { return std::pair(view.trials, view.held); };
  const std::vector<WaitingView> backlog = *service->sharing().backlog();
  ASSERT_EQ(backlog.size(), 3u);
  EXPECT_EQ(backlog[0].need.gpu_memory_mib, 24'000);
  EXPECT_EQ(trials_of(backlog[0]), std::pair(4L, 0L));
  EXPECT_EQ(backlog[1].need.split, "2");
  EXPECT_EQ(trials_of(backlog[1]), std::pair(2L, 0L));
  EXPECT_EQ(trials_of(backlog[2]), std::pair(2L, 3L)) << "three at once of the sweep, but four of the owner";

  connect("w", 1);
  acquire("w");
  std::int64_t waiting = 0;
  const std::vector<WaitingView> left = *service->sharing().backlog();
  for (const WaitingView& view : left) waiting += view.trials + view.held;
  EXPECT_EQ(waiting, 10) << "what runs does not wait";
}

}  // namespace
}  // namespace oodml::coordinator
