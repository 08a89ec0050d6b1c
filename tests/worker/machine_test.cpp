// What a worker says of its machine, and what it does when the machine cannot run trials.
#include "core/job/limits.h"
#include "tests/worker/lease_loop_fixture.h"
#include "tests/worker/log_lines.h"

namespace oodml::worker {
namespace {

using job::Outcome;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::leased_trial;

class MachineTest : public LeaseLoopTest {};

TEST_F(MachineTest, ChangedBenchmarksAreAnnounced) {
  std::atomic<int> scans{0};
  options_.scan = [&] {
    std::vector<job::BenchmarkOnDisk> found = {{"cub200", {"1"}}};
    if (++scans > 2) found.push_back({"cars196", {}});
    return found;
  };
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.worker().benchmarks.size() == 1; }));
  EXPECT_TRUE(eventually([&] {
    clock_.advance(seconds(30));
    return coordinator_.worker().benchmarks.size() == 2;
  }));
  EXPECT_EQ(coordinator_.calls("register"), 2) << "only when something has changed";
}

TEST_F(MachineTest, HashesOfTheDataAreAnnouncedAsSoonAsTheyAreKnown) {
  std::mutex mutex;
  job::DataStamps stamps;
  options_.data = [&] {
    const std::lock_guard lock(mutex);
    return stamps;
  };
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("register") == 1; }));
  {
    const std::lock_guard lock(mutex);
    stamps = {{"images of birds", "3f2a"}};
  }
  EXPECT_TRUE(eventually([&] {
    clock_.advance(seconds(1));
    return coordinator_.worker().data.contains("images of birds");
  }));
  EXPECT_EQ(coordinator_.calls("register"), 2) << "only when something has changed";
}

TEST_F(MachineTest, AMachineWithMoreBenchmarksThanFitRegistersWithWhatFits) {
  options_.scan = [] {
    std::vector<job::BenchmarkOnDisk> found;
    for (int i = 0; i < 5000; ++i) found.push_back({std::to_string(i), {}});
    return found;
  };
  start();
  EXPECT_TRUE(eventually([&] { return coordinator_.worker().benchmarks.size() == std::size_t{job::kMaxBenchmarks}; }));
}

TEST_F(MachineTest, WeightsAreAnnouncedAsTheyComeAndGo) {
  std::atomic<bool> there{true};
  options_.scan_weights = [&] {
    return there ? std::vector<std::string>{"resnet50-imagenet"} : std::vector<std::string>{};
  };
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.worker().weights.size() == 1; }));
  there = false;
  EXPECT_TRUE(eventually([&] {
    clock_.advance(seconds(30));
    return coordinator_.worker().weights.empty();
  }));
}

TEST_F(MachineTest, AMachineThatIsNotReadyTakesNoTrial) {
  std::atomic<bool> ready{false};
  options_.slot.ready = [&] { return ready ? Status() : Status(StatusCode::kResourceExhausted, "disk full"); };
  coordinator_.queue(leased_trial(1));
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > 3; }));
  EXPECT_EQ(coordinator_.calls("acquire"), 0);
  ready = true;
  EXPECT_TRUE(launched(1));
}

TEST_F(MachineTest, AFullDiskIsAnnouncedAndWithdrawn) {
  const LogLines log;
  std::atomic<int> free{10}, looks{0};
  options_.slot.ready = [&] {
    ++looks;
    return free >= 100 ? Status()
                       : Status(StatusCode::kResourceExhausted, "only " + std::to_string(free) + " MiB are free");
  };
  start();
  ASSERT_TRUE(eventually([&] { return coordinator_.worker().set_aside == "only 10 MiB are free"; }));
  free = 9;
  EXPECT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > 5; }));
  EXPECT_EQ(coordinator_.calls("register"), 1) << "a disk that fills up further is not news";
  const int before = looks;
  EXPECT_TRUE(eventually([&] {
    clock_.advance(seconds(5));
    return looks > before + 6;
  }));
  EXPECT_EQ(log.count("slot takes no trial now slot=cpu:0 reason=only"), 1u) << "said once, however long it lasts";
  free = 100;
  EXPECT_TRUE(eventually([&] { return coordinator_.worker().set_aside.empty(); }));
  EXPECT_TRUE(eventually([&] {
    clock_.advance(seconds(5));
    return log.count("slot takes trials again slot=cpu:0") == 1;
  }));
}

TEST_F(MachineTest, ASlotThatSpoilsTrialsRestsInsteadOfRunningThroughTheQueue) {
  launcher_.set_broken(true);
  for (int i = 1; i <= 50; ++i) coordinator_.queue(leased_trial(i));
  start();
  ASSERT_TRUE(eventually([&] { return launcher_.tried() >= 4; }));
  const auto spoilt = launcher_.tried();
  clock_.advance(minutes(10));
  EXPECT_TRUE(eventually([&] { return launcher_.tried() > spoilt; })) << "it tries again after a rest";
  EXPECT_LT(launcher_.tried(), 20u);
  EXPECT_EQ(outcome(leased_trial(1)), Outcome::kMachine);
}

TEST_F(MachineTest, AWorkerWhoseMachineFailsThreeTrialsSetsItselfAsideSaysSoAndComesBack) {
  info_.slots = {{"cpu:0", "cpu", 1, 0}, {"cpu:1", "cpu", 1, 0}};
  launcher_.set_broken(true);
  for (int i = 1; i <= 50; ++i) coordinator_.queue(leased_trial(i));
  start();
  ASSERT_TRUE(eventually([&] { return !coordinator_.worker().set_aside.empty(); }));
  EXPECT_NE(coordinator_.worker().set_aside.find("different trials in a row could not run on it"), std::string::npos);
  const auto tried = launcher_.tried();
  EXPECT_LE(tried, 4u) << "each slot one more at most";
  clock_.advance(seconds(20));
  EXPECT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > 2; }));
  EXPECT_EQ(launcher_.tried(), tried) << "within the rest nobody asks";

  launcher_.set_broken(false);
  clock_.advance(minutes(2));
  ASSERT_TRUE(launched(1)) << "one trial is to show whether the machine is whole";
  clock_.advance(minutes(2));
  ASSERT_TRUE(eventually([&] { return coordinator_.calls("heartbeat") > 4; }));
  EXPECT_EQ(launcher_.launched(), 1u) << "and one only";
  launcher_.child(0)->say(job::Checkpoint{1, "checkpoints/0001", "ab"});
  EXPECT_TRUE(eventually([&] { return coordinator_.worker().set_aside.empty(); }))
      << "as soon as it has written a checkpoint";
  EXPECT_TRUE(launched(2)) << "then the other slot follows";
}

TEST_F(MachineTest, ASetAsideWorkerTriesNoTrialWhileItsDeviceIsGoneAndLooksAgainWhenAPersonSaysSo) {
  std::atomic<bool> gone{true};
  options_.slot.look = [&](const job::Slot&) {
    return gone ? Status(StatusCode::kFailedPrecondition, "cuda:0 is gone") : Status();
  };
  launcher_.set_broken(true);
  for (int i = 1; i <= 50; ++i) coordinator_.queue(leased_trial(i));
  start();
  ASSERT_TRUE(eventually([&] { return !coordinator_.worker().set_aside.empty(); }));
  const auto tried = launcher_.tried();
  clock_.advance(minutes(2));
  EXPECT_TRUE(
      eventually([&] { return coordinator_.worker().set_aside == "its machine is not whole yet: cuda:0 is gone"; }));
  EXPECT_EQ(launcher_.tried(), tried);
  gone = false;
  launcher_.set_broken(false);
  loop_->look_again();
  EXPECT_TRUE(launched(1)) << "without waiting for the end of its rest";
}

}  // namespace
}  // namespace oodml::worker
