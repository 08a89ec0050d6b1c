// What becomes of trials whose worker's machine could not run them, and of workers that say so themselves.
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;
using job::TrialState;

constexpr auto kBackoff = 40s;  // the first is 30 s and up to a quarter more

class MachineFaultsTest : public ServiceTest {
 protected:
  MachineFaultsTest() { advance(121s); }  // after a start, workers that have not come back yet count as there

  /// Takes a trial and ends it by a fault of the worker's machine.
  TrialId fail_on(const std::string& worker, const std::string& why) {
    const job::Lease lease = acquire(worker).lease;
    EXPECT_TRUE(finish(lease, Outcome::kMachine, 0, "", why).ok());
    return lease.trial;
  }
  void announce(const job::WorkerInfo& info) {
    Answer<LeaseTerms> answer;
    leases().register_worker(info, {}, answer.reply());
    EXPECT_TRUE(answer.get());
    drain();
  }
  void set_aside(const std::string& id, const std::string& why) {
    job::WorkerInfo info = worker_info(id);
    info.set_aside = why;
    announce(info);
  }
  bool gets_nothing(const std::string& worker) { return !ask(worker)->has_value(); }
  std::string waiting_for(TrialId id) { return trial(id).waiting_for; }
};

TEST_F(MachineFaultsTest, ATrialGoesToAnotherMachineAfterAFaultOfOne) {
  submit({});
  connect("a");
  connect("b");
  const TrialId id = fail_on("a", "no such folder");
  EXPECT_EQ(trial(id).state, TrialState::kBackoff);
  advance(kBackoff);
  EXPECT_TRUE(gets_nothing("a"));
  EXPECT_EQ(waiting_for(id), "failed on a (no such folder); the other workers do not answer just now");
  ASSERT_TRUE(leases().heartbeat({"b"}, {}).has_value());
  EXPECT_EQ(waiting_for(id), "failed on a (no such folder); slot cpu:0 of b to ask for it");
  EXPECT_EQ(acquire("b").lease.trial, id);
  EXPECT_EQ(trial(id).state, TrialState::kRunning);
}

TEST_F(MachineFaultsTest, AnotherMachineNeedNotWaitForTheBackoff) {
  submit({});
  connect("a");
  connect("b");
  const TrialId id = fail_on("a", "no such folder");
  advance(1s);
  EXPECT_EQ(trial(id).state, TrialState::kQueued);
  EXPECT_EQ(acquire("b").lease.trial, id);
}

TEST_F(MachineFaultsTest, AMachineThatComesWhileTheTrialWaitsGetsItAtOnce) {
  submit({});
  connect("a");
  const TrialId id = fail_on("a", "no such folder");
  advance(1s);
  EXPECT_EQ(trial(id).state, TrialState::kBackoff) << "nobody else could run it";
  EXPECT_EQ(waiting_for(id).find("failed on a (no such folder); backoff until "), 0u) << waiting_for(id);
  connect("b");
  advance(1s);
  EXPECT_EQ(acquire("b").lease.trial, id);
}

TEST_F(MachineFaultsTest, WhatTwoMachinesCouldNotRunWaits) {
  submit({});
  for (const char* worker : {"a", "b", "c"}) connect(worker);
  fail_on("a", "server away");
  advance(1s);
  const TrialId id = fail_on("b", "server away");
  advance(1s);
  EXPECT_EQ(trial(id).state, TrialState::kBackoff) << "what they share may be ill";
  advance(2min);
  EXPECT_EQ(acquire("c").lease.trial, id);
}

TEST_F(MachineFaultsTest, WhereNoOtherCanRunItTheTrialComesBackAfterTheOthers) {
  submit({.seeds = {0, 1}});
  connect("a");
  const TrialId first = fail_on("a", "no such folder");
  advance(kBackoff);
  const TrialId second = acquire("a").lease.trial;
  EXPECT_NE(second, first) << "it waits behind trials that have not failed here";
  EXPECT_EQ(
      waiting_for(first),
      "failed on a (no such folder); no other connected worker can run it: the only slot that can run it is busy");
  EXPECT_EQ(acquire("a").lease.trial, first);
}

TEST_F(MachineFaultsTest, AWorkerThatSetItselfAsideIsNoOther) {
  submit({});
  connect("a");
  set_aside("b", "3 different trials could not run");
  const TrialId id = fail_on("a", "no such folder");
  advance(kBackoff);
  EXPECT_EQ(acquire("a").lease.trial, id);
}

TEST_F(MachineFaultsTest, AMachineThatComesBackLaterThanTheCoordinatorIsWaitedFor) {
  submit({});
  connect("a");
  connect("b");
  const TrialId id = fail_on("a", "no such folder");
  restart();
  connect("a");
  advance(kBackoff);
  EXPECT_TRUE(gets_nothing("a")) << "b may not have announced itself yet";
  connect("b");
  EXPECT_EQ(acquire("b").lease.trial, id) << "which worker failed is remembered";
}

TEST_F(MachineFaultsTest, FaultsOfThreeMachinesEndATrialWithTheListOfThem) {
  submit({});
  TrialId id;
  for (const char* worker : {"a", "b", "c"}) {
    connect(worker);
    id = fail_on(worker, std::string("no heron on ") + worker);
    advance(2min);
  }
  EXPECT_EQ(trial(id).state, TrialState::kFailed);
  EXPECT_EQ(trial(id).message,
            "set aside: it failed on 3 different machines: a (no heron on a), b (no heron on b), c (no heron on c)");
  const auto faults = trial(id).failed_on;
  ASSERT_EQ(faults.size(), 3u);
  EXPECT_EQ(faults[1].worker, "b");
  EXPECT_EQ(faults[1].message, "no heron on b");
  EXPECT_EQ(faults[1].times, 1);

  change(SweepChange::kRetry, {1});
  EXPECT_TRUE(trial(id).failed_on.empty()) << "a retry by hand begins anew";
  connect("a");
  EXPECT_EQ(acquire("a").lease.trial, id);
}

TEST_F(MachineFaultsTest, OneMachineEndsATrialAfterTheOrdinaryTries) {
  submit({});
  TrialId id;
  for (int tries = 1; tries <= 1 + job::kMaxRetries; ++tries) {
    connect("a");
    id = fail_on("a", "damaged image");
    advance(31min);
  }
  EXPECT_EQ(trial(id).state, TrialState::kFailed);
  EXPECT_EQ(trial(id).message, "given up after 6 tries: a (damaged image)");
  EXPECT_EQ(trial(id).failed_on.at(0).times, 6);
}

TEST_F(MachineFaultsTest, TrialsByWhichASickMachineTriesItselfUseUpNoTry) {
  submit({});
  TrialId id;
  for (int probes = 0; probes < 20; ++probes) {
    set_aside("a", "3 different trials could not run");
    id = fail_on("a", "no such folder");
    advance(31min);
  }
  EXPECT_EQ(trial(id).state, TrialState::kQueued);
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kSucceeded).ok());
}

TEST_F(MachineFaultsTest, ASickMachineTriesItselfWithAnotherKindOfTrialThanThoseThatFailed) {
  submit({.name = "one", .seeds = {0, 1}, .split = "1"}, "", 9);
  submit({.name = "two", .seeds = {2}, .split = "2"});
  connect("a");
  fail_on("a", "split 1 names heron");
  advance(kBackoff);
  set_aside("a", "3 different trials could not run");
  EXPECT_EQ(acquire("a").spec.split(), "2") << "although its turn comes later";
}

TEST_F(MachineFaultsTest, AWorkerThatSetItselfAsideIsShownWithItsReason) {
  submit({});
  set_aside("a", "only 3 MiB are free under /state");
  EXPECT_EQ(sweeps().workers()->at(0).state, "set aside");
  EXPECT_EQ(sweeps().workers()->at(0).info.set_aside, "only 3 MiB are free under /state");
  EXPECT_EQ(waiting_for({1}),
            "no connected worker can run it: a: has set itself aside: only 3 MiB are free under /state");
  connect("a");
  EXPECT_EQ(sweeps().workers()->at(0).state, "ready");
  EXPECT_EQ(waiting_for({1}), "slot cpu:0 of a to ask for it");
}

TEST_F(MachineFaultsTest, ASlotWhoseGpuIsNotToBeUsedGetsNoTrialUntilItIs) {
  job::WorkerInfo info = worker_info("a", 2);
  info.slots[0].set_aside = "GPU-a is used by others";
  announce(info);
  submit({});
  EXPECT_TRUE(gets_nothing("a"));
  EXPECT_EQ(sweeps().workers()->at(0).state, "ready") << "the other slot takes trials";
  EXPECT_EQ(waiting_for({1}), "slot cpu:1 of a to ask for it");

  info.slots[1].set_aside = "GPU-b is set aside";
  announce(info);
  EXPECT_EQ(sweeps().workers()->at(0).state, "set aside");
  EXPECT_EQ(waiting_for({1}), "no connected worker can run it: a: slot cpu:1 takes no trial: GPU-b is set aside");
  Answer<MaybeTrial> waits;
  const auto pending = leases().acquire({"a"}, "cpu:1", "r", 1h, waits.reply());
  EXPECT_FALSE(waits.ready());
  info.slots[1].set_aside.clear();
  announce(info);
  ASSERT_TRUE(waits.ready()) << "a slot that waits gets one as soon as its GPU is free";
  EXPECT_TRUE(waits.get()->has_value());
}

TEST_F(MachineFaultsTest, SlotsThatWaitAreSentAwayWhenTheirWorkerSetsItselfAside) {
  connect("a");
  Answer<MaybeTrial> waits;
  const auto pending = leases().acquire({"a"}, "cpu:0", "r", 1h, waits.reply());
  set_aside("a", "only 3 MiB are free under /state");
  ASSERT_TRUE(waits.ready());
  EXPECT_FALSE(waits.get()->has_value());
  submit({});
  EXPECT_EQ(view({1}).counts.queued, 1);
}

}  // namespace
}  // namespace oodml::coordinator::testing
