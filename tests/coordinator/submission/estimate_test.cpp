#include "coordinator/submission/estimate.h"

#include "tests/coordinator/artifacts/files_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::Outcome;

/// Trials of a network that trains `epochs` epochs with batches of ten.
struct Trials {
  std::vector<int> seeds;
  int epochs = 4;
  std::string arch = "resnet50";
  std::string benchmark = "fashion_mnist";

  SweepText text() const {
    SweepText text = TestSweep{.seeds = seeds, .benchmark = benchmark}.text();
    text.overrides = {{"arch", "\"" + arch + "\""}, {"epochs", std::to_string(epochs)}, {"batch_size", "10"}};
    return text;
  }
};

class EstimateTest : public FilesTest {
 protected:
  void submit_trials(const Trials& trials) {
    Answer<SubmitView> answer;
    sweeps().submit(trials.text(), "", {}, answer.reply());
    ASSERT_TRUE(answer.get());
    drain();
  }

  /// Runs the next trial on the worker: it tells of its epochs and has taken `seconds` in the end. `steps` is of all
  /// epochs together, 0 when it says nothing of them.
  void run_one(const std::string& worker, int epochs, Duration seconds, std::int64_t steps) {
    const job::Lease lease = acquire(worker).lease;
    std::vector<job::EventBody> events;
    if (steps > 0) events.push_back(job::Progress{.epochs_total = epochs, .steps_total = steps, .phase = {}});
    for (int epoch = 1; epoch <= epochs; ++epoch) events.push_back(metric(epoch, "seconds", 1.0, "train"));
    ASSERT_TRUE(push(worker, lease, 1, events));
    clock.advance(seconds);
    ASSERT_TRUE(finish(lease, Outcome::kSucceeded, std::ssize(events)).ok());
    drain();
    hear_of(worker);
  }

  /// A worker whose slot's device is of this make.
  void connect_of(const std::string& id, const std::string& model) {
    job::WorkerInfo worker = worker_info(id);
    for (job::Slot& slot : worker.slots) slot.model = model;
    Answer<LeaseTerms> answer;
    leases().register_worker(worker, {}, answer.reply());
    ASSERT_TRUE(answer.get());
    drain();
  }

  /// The worker answers: what it said of its slots holds.
  void hear_of(const std::string& worker) { EXPECT_TRUE(leases().heartbeat({worker}, {})); }

  Estimate planned(const Trials& trials) {
    const auto plan = sweeps().plan(trials.text(), {});
    EXPECT_TRUE(plan);
    return plan ? plan->estimate : Estimate();
  }
};

TEST_F(EstimateTest, WithoutLikeTrialsItSaysWhichAreUnknown) {
  const Estimate estimate = planned({.seeds = {0, 1}});
  EXPECT_EQ(estimate.known_trials, 0);
  EXPECT_EQ(estimate.unknown_trials, 2);
  EXPECT_EQ(estimate.unknown, std::vector<std::string>{"resnet50, batch 10 on fashion_mnist"});
  EXPECT_TRUE(estimate.from.empty());
}

TEST_F(EstimateTest, TrialsTakeWhatLikeTrialsTookEpochByEpoch) {
  submit_trials({.seeds = {0}});
  connect("a", 2);
  run_one("a", 4, 400s, 0);
  const Estimate estimate = planned({.seeds = {0, 1, 2, 3, 4}, .epochs = 9});
  EXPECT_EQ(estimate.known_trials, 4) << "the one that is there is not run again";
  EXPECT_DOUBLE_EQ(estimate.slot_hours, 4 * 9 * 100.0 / 3600);
  EXPECT_DOUBLE_EQ(estimate.wall_hours, 4 * 9 * 100.0 / 3600 / 2);
  EXPECT_EQ(estimate.from, (std::vector<std::string>{"1 attempt of like trials", "2 connected slots"}));
  EXPECT_EQ(planned({.seeds = {5}, .arch = "bninception"}).known_trials, 0);
}

TEST_F(EstimateTest, NoSweepIsShorterThanItsLongestTrial) {
  submit_trials({.seeds = {0}});
  connect("a", 8);
  run_one("a", 4, 400s, 0);
  EXPECT_DOUBLE_EQ(planned({.seeds = {1}}).wall_hours, 400.0 / 3600);
}

TEST_F(EstimateTest, OfTheWorkersThereAreThoseThatRanSuchTrialsCountAndOthersWhenNoneDid) {
  submit_trials({.seeds = {0, 1}});
  connect("fast");
  run_one("fast", 4, 40s, 0);
  connect("slow");
  run_one("slow", 4, 400s, 0);
  hear_of("fast");
  EXPECT_DOUBLE_EQ(planned({.seeds = {2}}).slot_hours, 4 * 55.0 / 3600) << "both are there";
  leases().leave({"fast"});
  EXPECT_DOUBLE_EQ(planned({.seeds = {2}}).slot_hours, 4 * 100.0 / 3600);
  leases().leave({"slow"});
  const Estimate nobody = planned({.seeds = {2}});
  EXPECT_DOUBLE_EQ(nobody.slot_hours, 4 * 55.0 / 3600) << "what any took";
  EXPECT_EQ(nobody.wall_hours, 0);
}

TEST_F(EstimateTest, StepsOfOtherDataTellWhatANewPairTakes) {
  submit_trials({.seeds = {0}});
  submit_trials({.seeds = {1}, .arch = "bninception", .benchmark = "cub200"});
  job::WorkerInfo worker = worker_info("a");
  worker.benchmarks.push_back({.name = "cub200", .split_ids = {"1"}});
  Answer<LeaseTerms> answer;
  leases().register_worker(worker, {}, answer.reply());
  ASSERT_TRUE(answer.get());
  run_one("a", 4, 400s, 200);  // 50 steps an epoch, 2 s a step
  run_one("a", 4, 80s, 80);    // 20 steps an epoch of cub200
  const Estimate estimate = planned({.seeds = {3}, .epochs = 10, .benchmark = "cub200"});
  EXPECT_EQ(estimate.known_trials, 1);
  EXPECT_DOUBLE_EQ(estimate.slot_hours, 10 * 20 * 2.0 / 3600);
}

TEST_F(EstimateTest, AnUntrainedNetworkIsKnownByItsOwnKind) {
  submit_trials({.seeds = {0}, .epochs = 0});
  connect("a");
  run_one("a", 0, 36s, 0);
  EXPECT_DOUBLE_EQ(planned({.seeds = {1, 2}, .epochs = 0}).slot_hours, 2 * 0.01);
  EXPECT_EQ(planned({.seeds = {3}}).known_trials, 0) << "it says nothing of training";
}

TEST_F(EstimateTest, AnAttemptThatFailsOrTrainsNothingSaysNothing) {
  submit_trials({.seeds = {0}});
  connect("a");
  const job::Lease lease = acquire("a").lease;
  ASSERT_TRUE(push("a", lease, 1, {metric(1, "seconds", 1.0, "train")}));
  clock.advance(10s);
  ASSERT_TRUE(finish(lease, Outcome::kNumeric, 1).ok());
  submit_trials({.seeds = {1}});
  run_one("a", 0, 10s, 0);
  EXPECT_EQ(planned({.seeds = {2}}).known_trials, 0);
}

TEST_F(EstimateTest, ASweepShowsWhatIsLeftOfIt) {
  submit_trials({.seeds = {0, 1, 2}});
  connect("a");
  run_one("a", 4, 400s, 0);
  EXPECT_DOUBLE_EQ(sweeps().get({.sweep = {.id = {1}}})->estimate.slot_hours, 2 * 400.0 / 3600);
  const job::Lease lease = acquire("a").lease;
  ASSERT_TRUE(push("a", lease, 1, {metric(3, "seconds", 1.0, "train")}));
  const auto detail = sweeps().get({.sweep = {.id = {1}}});
  EXPECT_DOUBLE_EQ(detail->estimate.slot_hours, (100.0 + 400.0) / 3600) << "three epochs are trained";
  EXPECT_EQ(detail->estimate.known_trials, 2);
  EXPECT_EQ(sweeps().get({.sweep = {.id = {1}}, .after_trial = 1})->estimate.known_trials, 0)
      << "with the first page only";
  change(SweepChange::kCancel, {1});
  restart();
  EXPECT_EQ(planned({.seeds = {7}}).known_trials, 1) << "it is kept";
}

TEST_F(EstimateTest, ANewWorkerTakesWhatOthersWithItsDevicesTook) {
  submit_trials({.seeds = {0, 1}});
  connect_of("fast", "NVIDIA H200");
  run_one("fast", 4, 40s, 0);
  connect_of("slow", "NVIDIA K80");
  run_one("slow", 4, 400s, 0);
  for (const char* worker : {"fast", "slow"}) leases().leave({worker});
  connect_of("new", "NVIDIA H200");
  EXPECT_DOUBLE_EQ(planned({.seeds = {2}}).slot_hours, 4 * 10.0 / 3600);
  connect_of("strange", "NVIDIA GB300");
  EXPECT_DOUBLE_EQ(planned({.seeds = {2}}).slot_hours, 4 * 10.0 / 3600) << "nothing is known of it";
}

TEST_F(EstimateTest, WhatAWorkerTookBeforeItToldItsDevicesIsItsOwnUntilItIsMeasuredAgain) {
  submit_trials({.seeds = {0, 1}});
  connect("a");
  run_one("a", 4, 400s, 0);
  connect_of("b", "NVIDIA H200");
  connect_of("a", "NVIDIA H200");
  leases().leave({"b"});
  EXPECT_DOUBLE_EQ(planned({.seeds = {2}}).slot_hours, 4 * 100.0 / 3600);
  run_one("a", 4, 40s, 0);
  EXPECT_DOUBLE_EQ(planned({.seeds = {2}}).slot_hours, 4 * 10.0 / 3600);
}

TEST_F(EstimateTest, CheckpointsTakeWhatLikeTrialsUploadedAsOftenAsTheyAreKept) {
  submit_trials({.seeds = {0}});
  connect("a");
  EXPECT_EQ(planned({.seeds = {1, 2}}).sized_trials, 0);
  const job::Lease lease = acquire("a").lease;
  ASSERT_TRUE(leave_checkpoint(lease, "0001-000010", 1).ok());
  const std::int64_t bytes = std::ssize(std::string("checkpoint 0001-000010 of attempt 1"));
  SweepText text = Trials{.seeds = {1, 2}}.text();
  text.overrides.emplace_back("keep_checkpoints", "3");
  const auto plan = sweeps().plan(text, {});
  ASSERT_TRUE(plan) << plan.error().text();
  EXPECT_EQ(plan->estimate.sized_trials, 2);
  EXPECT_EQ(plan->estimate.checkpoint_bytes, 2 * 3 * bytes);
  EXPECT_EQ(planned({.seeds = {1}, .benchmark = "cub200"}).checkpoint_bytes, bytes) << "the same network on other data";
  EXPECT_EQ(planned({.seeds = {1}, .arch = "bninception"}).sized_trials, 0);
  const Estimate untrained = planned({.seeds = {1}, .epochs = 0});
  EXPECT_EQ(untrained.checkpoint_bytes, 0) << "it leaves none";
  EXPECT_EQ(untrained.sized_trials, 1);
  EXPECT_EQ(sweeps().get({.sweep = {.id = {1}}})->estimate.checkpoint_bytes, bytes) << "of the one that runs";
}

}  // namespace
}  // namespace oodml::coordinator::testing
