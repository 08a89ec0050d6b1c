#include <sys/mount.h>
#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Directive;
using job::Outcome;
using job::TrialState;

class SweepsTest : public ServiceTest {
 protected:
  TrialState state(std::int64_t id) { return trial({id}).state; }
};

TEST_F(SweepsTest, APlanSaysWhatIsNewWithoutSubmitting) {
  submit({.seeds = {0, 1}});
  const PlanView plan = *sweeps().plan(TestSweep{.criteria = {"margin", "triplet"}, .seeds = {1, 2}}.text(), {});
  EXPECT_EQ(plan.trials, 4);
  EXPECT_EQ(plan.new_trials, 3);
  ASSERT_EQ(plan.axes.size(), 2u);
  EXPECT_EQ(plan.axes[0].axis, "criterion");
  EXPECT_EQ(plan.axes[0].counts, (std::vector<std::pair<std::string, std::int64_t>>{{"margin", 2}, {"triplet", 2}}));
  EXPECT_EQ(plan.planned[0].existing, TrialState::kQueued);
  EXPECT_FALSE(plan.planned[1].existing);
  EXPECT_EQ(sweeps().list(0, 0)->sweeps.size(), 1u);
}

TEST_F(SweepsTest, AnErrorOfThePlanIsTheReply) {
  Answer<SubmitView> answer;
  sweeps().submit({.yaml = "nonsense"}, "", {}, answer.reply());
  EXPECT_EQ(answer.get().error().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(sweeps().plan({.yaml = "nonsense"}, {}).error().code(), StatusCode::kInvalidArgument);
}

TEST_F(SweepsTest, ASubmissionAskedAgainAnswersAsItDid) {
  const SubmitView first = submit({.seeds = {0, 1}}, "s-1");
  const SubmitView again = submit({.seeds = {0, 1}}, "s-1");
  EXPECT_EQ(again.sweep, first.sweep);
  EXPECT_EQ(again.name, "study");
  EXPECT_EQ(again.trials, 2);
  EXPECT_EQ(again.new_trials, 2);
  EXPECT_EQ(sweeps().list(0, 0)->sweeps.size(), 1u);
  Answer<SubmitView> other;
  sweeps().submit(TestSweep{.seeds = {5}}.text(), "s-1", {}, other.reply());
  EXPECT_EQ(other.get().error().code(), StatusCode::kAlreadyExists);
}

TEST_F(SweepsTest, EqualTrialsAreShared) {
  submit({.name = "one", .seeds = {0, 1}});
  const SubmitView second = submit({.name = "two", .seeds = {1, 2}});
  EXPECT_EQ(second.trials, 2);
  EXPECT_EQ(second.new_trials, 1);
  EXPECT_EQ(sweeps().get_trial({2}, 0, 0)->sweeps, (std::vector<SweepId>{{1}, {2}}));
  connect("a");
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(finish(acquire("a").lease, Outcome::kSucceeded).ok());
  EXPECT_FALSE(ask("a")->has_value());
  EXPECT_EQ(view({1}).state, "finished");
  EXPECT_EQ(view({2}).state, "finished");
  EXPECT_EQ(view({2}).finished, clock.now());
}

TEST_F(SweepsTest, ASucceededTrialIsDoneForANewSweepAndABadlyEndedOneIsQueuedAgain) {
  submit({.name = "one", .seeds = {0, 1, 2}});
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kSucceeded).ok());
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kNumeric).ok());
  change(SweepChange::kCancel, {1});
  submit({.name = "two", .seeds = {0, 1, 2}});
  EXPECT_EQ(view({2}).counts, (StateCounts{.queued = 2, .succeeded = 1}));
  EXPECT_EQ(acquire("a").lease.trial, TrialId{2});
  EXPECT_EQ(acquire("a").lease.trial, TrialId{3});
}

TEST_F(SweepsTest, CancelTakesWhatWaitsAtOnceAndWhatRunsThroughItsWorker) {
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

TEST_F(SweepsTest, ACancelledTrialWhoseWorkerIsSilentEndsWithItsLeaseAndItsLateSuccessIsRefused) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  change(SweepChange::kCancel, {1});
  advance(121s);
  EXPECT_EQ(state(1), TrialState::kCancelled);
  EXPECT_EQ(finish(lease, Outcome::kSucceeded).code(), StatusCode::kAborted);
  EXPECT_EQ(beat("a", lease), Directive::kFenced);
}

TEST_F(SweepsTest, ASuccessThatWasOnItsWayBeatsACancel) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  change(SweepChange::kCancel, {1});
  ASSERT_TRUE(finish(lease, Outcome::kSucceeded).ok());
  EXPECT_EQ(state(1), TrialState::kSucceeded);
}

TEST_F(SweepsTest, WhatOneSweepCancelsAnotherMayKeep) {
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

TEST_F(SweepsTest, ARunningSharedTrialIsCancelledByTheLastSweepThatWantsIt) {
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

TEST_F(SweepsTest, PauseStopsWhatRunsAndResumeQueuesItAgain) {
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

TEST_F(SweepsTest, APausedTrialRunsForASweepThatWantsIt) {
  submit({.name = "one"});
  change(SweepChange::kPause, {1});
  EXPECT_EQ(state(1), TrialState::kPaused);
  submit({.name = "two"});
  EXPECT_EQ(state(1), TrialState::kQueued);
  EXPECT_EQ(change(SweepChange::kPause, {2}).changed, 1);
  EXPECT_EQ(change(SweepChange::kCancel, {2}).changed, 0) << "sweep one still wants it, paused";
  EXPECT_EQ(state(1), TrialState::kPaused);
}

TEST_F(SweepsTest, ATrialThatFailedTakesOverTheMemoryThatALaterSweepDemands) {
  submit({.name = "small"});
  job::WorkerInfo gpu = worker_info("gpu");
  gpu.slots[0] = {.name = "cuda:0", .device = "cuda:0", .threads = 1, .memory_mib = 24'576};
  Answer<LeaseTerms> known;
  leases().register_worker(gpu, {}, known.reply());
  ASSERT_TRUE(known.get());
  const job::Lease lease = acquire("gpu", "cuda:0").lease;
  ASSERT_TRUE(finish(lease, Outcome::kOutOfMemory).ok());

  submit({.name = "large", .gpu_memory_mib = 40'000});
  EXPECT_EQ(state(lease.trial.value), TrialState::kQueued) << "the same trial";
  EXPECT_EQ(trial(lease.trial).waiting_for,
            "no connected worker can run it: gpu: wants 40000 MiB of GPU memory, slot cuda:0 has 24576");
  EXPECT_EQ(sweeps().get_trial(lease.trial, 0, 0)->spec.values.integer("gpu_memory_mib"), 40'000);
}

TEST_F(SweepsTest, ATrialInBackoffCanBePausedAndCancelled) {
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

TEST_F(SweepsTest, RetryQueuesTheFailedAndTheCancelledWithAllTheirTries) {
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

TEST_F(SweepsTest, ASweepThatHadDoneWithATrialDoesNotHoldOnToItWhenAnotherRunsItAgain) {
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

TEST_F(SweepsTest, ATrialThatIsStillLeavingKeepsItsSweepRunning) {
  submit({});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  change(SweepChange::kCancel, {1}, {lease.trial});
  EXPECT_EQ(view({1}).state, "running");
  EXPECT_FALSE(view({1}).finished);
  ASSERT_TRUE(finish(lease, Outcome::kCancelled).ok());
  EXPECT_EQ(view({1}).state, "finished");
}

TEST_F(SweepsTest, AChangeOfSingleTrialsConcernsThemAlone) {
  submit({.seeds = {0, 1, 2}});
  EXPECT_EQ(change(SweepChange::kCancel, {1}, {{2}}).changed, 1);
  EXPECT_EQ(view({1}).state, "running");
  EXPECT_EQ(view({1}).counts, (StateCounts{.queued = 2, .cancelled = 1}));
  Answer<ChangeView> stranger;
  sweeps().change(SweepChange::kCancel, {.id = {1}}, {{77}}, "", stranger.reply());
  const auto refused = stranger.get();
  EXPECT_EQ(refused.error().code(), StatusCode::kNotFound);
  EXPECT_NE(refused.error().message().find("no trial 77"), std::string::npos);
}

TEST_F(SweepsTest, AChangeAskedAgainAnswersAsItDid) {
  submit({.seeds = {0, 1}});
  Answer<ChangeView> first, again;
  sweeps().change(SweepChange::kCancel, {.name = "study"}, {}, "c-1", first.reply());
  EXPECT_EQ(first.get()->changed, 2);
  sweeps().change(SweepChange::kCancel, {.name = "study"}, {}, "c-1", again.reply());
  EXPECT_EQ(again.get()->changed, 2);
}

TEST_F(SweepsTest, ACancelledTrialCannotBeClaimedByASlotThatWasJustOffered) {
  submit({});
  connect("a");
  Answer<ChangeView> cancelled;
  Answer<MaybeTrial> asked;
  sweeps().change(SweepChange::kCancel, {.id = {1}}, {}, "", cancelled.reply());
  const auto pending = leases().acquire({"a"}, "cpu:0", "", 1s, asked.reply());
  EXPECT_TRUE(cancelled.get());
  advance(2s);
  EXPECT_FALSE(asked.get()->has_value());
  EXPECT_EQ(state(1), TrialState::kCancelled);
}

TEST_F(SweepsTest, ListsComeInPagesNewestFirst) {
  for (int i = 0; i < 5; ++i) submit({.name = "s" + std::to_string(i), .seeds = {i}});
  const SweepPage first = *sweeps().list(2, 0);
  ASSERT_EQ(first.sweeps.size(), 2u);
  EXPECT_EQ(first.sweeps[0].name, "s4");
  EXPECT_EQ(first.next_before, 4);
  const SweepPage rest = *sweeps().list(10, first.next_before);
  EXPECT_EQ(rest.sweeps.size(), 3u);
  EXPECT_EQ(rest.next_before, 0);
}

TEST_F(SweepsTest, TrialsOfASweepComeInPagesAndByState) {
  submit({.criteria = {"margin", "triplet"}, .seeds = {0, 1}});
  connect("a");
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kSucceeded).ok());
  const SweepDetail page = *sweeps().get({.name = "study"}, {}, 3, 0);
  ASSERT_EQ(page.trials.size(), 3u);
  EXPECT_EQ(page.next_after, 3);
  EXPECT_EQ(page.trials[2].labels, (std::map<std::string, std::string>{{"criterion", "triplet"}, {"seed", "0"}}));
  EXPECT_EQ(page.axes[1].axis, "seed");
  EXPECT_EQ(page.yaml, (TestSweep{.criteria = {"margin", "triplet"}, .seeds = {0, 1}}.text().yaml));
  EXPECT_EQ(sweeps().get({.name = "study"}, {}, 3, page.next_after)->trials.size(), 1u);
  const SweepDetail done = *sweeps().get({.name = "study"}, {TrialState::kSucceeded, TrialState::kFailed}, 0, 0);
  ASSERT_EQ(done.trials.size(), 1u);
  EXPECT_EQ(done.trials[0].id, TrialId{1});
}

TEST_F(SweepsTest, WhatIsNotThereIsNotFoundByItsName) {
  EXPECT_EQ(sweeps().get({.name = "ghost"}, {}, 0, 0).error().message(), "no sweep named 'ghost'");
  EXPECT_EQ(sweeps().get({.id = {9}}, {}, 0, 0).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(sweeps().get_trial({9}, 0, 0).error().message(), "no trial 9; there are none yet");
  EXPECT_EQ(sweeps().watch({.name = "ghost"}, {}, [](WatchItem) {}).error().code(), StatusCode::kNotFound);
  submit({});
  EXPECT_EQ(sweeps().watch({.id = {1}}, {5}, [](WatchItem) {}).error().code(), StatusCode::kNotFound);
}

TEST_F(SweepsTest, WhatIsNotThereIsAnsweredWithWhatMayHaveBeenMeant) {
  submit({.name = "oodml-zero-shot", .seeds = {0, 1}});
  EXPECT_EQ(sweeps().get({.name = "oodml-zero-shoot"}, {}, 0, 0).error().message(),
            "no sweep named 'oodml-zero-shoot'; did you mean 'oodml-zero-shot'?");
  EXPECT_EQ(sweeps().get({.id = {2}}, {}, 0, 0).error().message(), "no sweep 2; the newest is 1, and 2 is a trial");
  EXPECT_EQ(sweeps().get({.id = {7}}, {}, 0, 0).error().message(), "no sweep 7; the newest is 1");
  EXPECT_EQ(sweeps().get_trial({7}, 0, 0).error().message(), "no trial 7; the newest is 2");
}

TEST_F(SweepsTest, SplitIdsThatWorkersAnnounceReachThePlanBeforeTheCallers) {
  std::vector<SplitIds> seen;
  service.reset();
  service =
      *open_service({.database = database, .disk_failed = [](const Status& status) { ADD_FAILURE() << status.text(); }},
                    clock, [&](const SweepText& text) {
                      seen = text.split_ids;
                      return plan_test_sweep(text);
                    });
  SweepText text = TestSweep{}.text();
  text.split_ids = {{"fashion_mnist", "splits.json", {"9"}}};
  ASSERT_TRUE(sweeps().plan(text, {}));
  ASSERT_EQ(seen.size(), 1u);
  connect("a");
  connect("b");
  ASSERT_TRUE(sweeps().plan(text, {}));
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].benchmark, "fashion_mnist");
  EXPECT_EQ(seen[0].ids, (std::vector<std::string>{"1", "2", "3"})) << "of both workers, each once";
  EXPECT_EQ(seen[1].ids, std::vector<std::string>{"9"});
}

TEST_F(SweepsTest, ASubmissionThatNoWorkerCanRunSaysSo) {
  EXPECT_TRUE(submit({.name = "early", .split = "7"}).notes.empty()) << "workers may come";
  connect("a");
  const std::vector<std::string> wanted = {
      "2 trials wait for a worker that can run them: a: its split file of fashion_mnist has no split 7 (has 1, 2, 3)"};
  EXPECT_EQ(sweeps().plan(TestSweep{.seeds = {0, 1}, .split = "7"}.text(), {})->notes, wanted);
  EXPECT_EQ(submit({.name = "late", .seeds = {0, 1}, .split = "7"}).notes, wanted);
  EXPECT_TRUE(submit({.name = "fine", .split = "3"}).notes.empty());
}

TEST_F(SweepsTest, TheNewestSweepOfANameIsMeant) {
  submit({.seeds = {0}});
  submit({.seeds = {1}});
  EXPECT_EQ(sweeps().get({.name = "study"}, {}, 0, 0)->sweep.id, SweepId{2});
}

/// What a watcher was told, and a way to wait for it.
class Log {
 public:
  void add(WatchItem item) {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    changed_.notify_all();
  }
  template <typename Holds>
  bool wait(Holds holds) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 60s, [&] { return holds(items_); });
  }
  std::vector<WatchItem> items() {
    const std::lock_guard lock(mutex_);
    return items_;
  }

 private:
  std::mutex mutex_;  // guards items_
  std::condition_variable changed_;
  std::vector<WatchItem> items_;
};

bool told_state(const std::vector<WatchItem>& items, TrialState state) {
  for (const WatchItem& item : items) {
    const auto* trial = std::get_if<TrialView>(&item);
    if (trial && trial->state == state) return true;
  }
  return false;
}

TEST_F(SweepsTest, AWatcherSeesThePresentFirstAndThenWhatHappensInOrder) {
  submit({.seeds = {0, 1}});
  connect("a");
  Log log;
  auto subscription = *sweeps().watch({.id = {1}}, {}, [&](WatchItem item) { log.add(std::move(item)); });
  ASSERT_TRUE(log.wait([](const auto& items) { return items.size() >= 3; }));
  EXPECT_TRUE(std::holds_alternative<SweepView>(log.items()[0]));
  EXPECT_EQ(std::get<TrialView>(log.items()[1]).waiting_for, "slot cpu:0 of a to ask for it");

  const job::Lease lease = acquire("a").lease;
  ASSERT_TRUE(log.wait([](const auto& items) { return told_state(items, TrialState::kRunning); }));
  ASSERT_TRUE(push("a", lease, 1, {job::Hello{}, metric(1, "e_recall@1", 0.5), job::Done{}}));
  ASSERT_TRUE(finish(lease, Outcome::kSucceeded, 3).ok());
  ASSERT_TRUE(log.wait([](const auto& items) {
    const auto* sweep = std::get_if<SweepView>(&items.back());
    return sweep && sweep->counts.succeeded == 1;
  }));
  std::vector<std::int64_t> sequences;
  for (const WatchItem& item : log.items()) {
    if (const auto* event = std::get_if<job::Event>(&item)) sequences.push_back(event->sequence);
  }
  EXPECT_EQ(sequences, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_TRUE(told_state(log.items(), TrialState::kSucceeded));
}

TEST_F(SweepsTest, AWatcherOfOneTrialIsToldOfItAlone) {
  submit({.seeds = {0, 1}});
  connect("a");
  Log log;
  auto subscription = *sweeps().watch({}, {2}, [&](WatchItem item) { log.add(std::move(item)); });
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kSucceeded).ok());
  ASSERT_TRUE(finish(acquire("a").lease, Outcome::kSucceeded).ok());
  ASSERT_TRUE(log.wait([](const auto& items) { return told_state(items, TrialState::kSucceeded); }));
  for (const WatchItem& item : log.items()) {
    const auto* trial = std::get_if<TrialView>(&item);
    EXPECT_TRUE(!trial || trial->id == TrialId{2});
  }
}

TEST_F(SweepsTest, AWatcherThatLeftIsToldNothing) {
  submit({});
  Log log, other;
  auto subscription = *sweeps().watch({.id = {1}}, {}, [&](WatchItem item) { log.add(std::move(item)); });
  ASSERT_TRUE(log.wait([](const auto& items) { return items.size() == 2; }));
  subscription.reset();
  auto witness = *sweeps().watch({.id = {1}}, {}, [&](WatchItem item) { other.add(std::move(item)); });
  change(SweepChange::kCancel, {1});
  ASSERT_TRUE(other.wait([](const auto& items) { return told_state(items, TrialState::kCancelled); }));
  EXPECT_EQ(log.items().size(), 2u);
}

TEST_F(SweepsTest, TenThousandTrialsAreOneSubmission) {
  std::vector<int> seeds(10'000);
  for (int i = 0; i < 10'000; ++i) seeds[static_cast<std::size_t>(i)] = i;
  const SubmitView submitted = submit({.seeds = seeds});
  EXPECT_EQ(submitted.new_trials, 10'000);
  EXPECT_EQ(view({1}).counts.queued, 10'000);
  restart();
  connect("a");
  EXPECT_EQ(acquire("a").lease.trial, TrialId{1});
  EXPECT_EQ(change(SweepChange::kCancel, {1}).changed, 10'000);
}

TEST_F(SweepsTest, ASecondOwnerIsRefusedWithTheFirstOnesProcess) {
  const auto second = open_service({.database = database}, clock, plan_test_sweep);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(second.error().message().find("process " + std::to_string(getpid())), std::string::npos)
      << second.error().message();
}

/// A file system of 3 MiB, where mounting is allowed.
class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path at) : at_(std::move(at)) {
    std::filesystem::create_directory(at_);
    mounted_ = mount("tmpfs", at_.c_str(), "tmpfs", 0, "size=3m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(at_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }

 private:
  std::filesystem::path at_;
  bool mounted_ = false;
};

TEST_F(SweepsTest, AFullDiskIsTheReplyAndTheServiceRecoversWithSpace) {
  const SmallDisk disk(folder.path() / "small");
  if (!disk.mounted()) GTEST_SKIP() << "mounting a small file system needs root";
  service.reset();
  database = folder.path() / "small" / "coordinator.db";
  open();
  submit({.name = "before", .seeds = {0, 1}});
  connect("a");
  const job::Lease lease = acquire("a").lease;

  const auto ballast = folder.path() / "small" / "ballast";
  {
    std::ofstream file(ballast);
    const std::string block(4096, 'x');
    while (file << block << std::flush) continue;
  }
  const auto refused = push("a", lease, 1, {job::Warning{.message = std::string(200'000, 'w')}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kResourceExhausted) << refused.error().text();
  EXPECT_NE(refused.error().message().find(database.string()), std::string::npos) << refused.error().message();
  EXPECT_EQ(trial(lease.trial).state, TrialState::kRunning) << "reading goes on";
  advance(121s);  // the end of the lease may not fit either; it is tried again

  std::filesystem::remove(ballast);
  advance(6s);
  EXPECT_EQ(trial(lease.trial).state, TrialState::kBackoff);
  EXPECT_EQ(*push("a", lease, 1, {job::Warning{.message = "space again"}}), 1);
  service.reset();
}

}  // namespace
}  // namespace oodml::coordinator::testing
