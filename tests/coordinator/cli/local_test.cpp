#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "coordinator/cli/local/local_run.h"
#include "coordinator/cli/local/smoke.h"
#include "core/sweep/sweep.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

using namespace std::chrono_literals;
using LocalTest = CliTest;

TEST(LocalOptionsTest, SlotsAreCoresDividedByThreadsAndAtLeastOne) {
  EXPECT_EQ(default_slots(8, 2), 4);
  EXPECT_EQ(default_slots(2, 4), 1);
  EXPECT_EQ(default_slots(0, 0), 1);
}

TEST(LocalOptionsTest, APortIsReadAloneOrAtTheEndOfAnAddress) {
  EXPECT_EQ(parse_port("41234\n"), 41234);
  EXPECT_EQ(parse_port("127.0.0.1:41234\n"), 41234);
  EXPECT_EQ(parse_port(""), std::nullopt);
  EXPECT_EQ(parse_port("127.0.0.1:\n"), std::nullopt);
  EXPECT_EQ(parse_port("99999\n"), std::nullopt);
}

v1::GetReply waiting(const std::string& reason) {
  v1::GetReply reply;
  for (const int id : {1, 2}) {
    auto* trial = reply.add_trials();
    *trial = sample_trial(id, "queued", {});
    trial->set_waiting_for(reason);
  }
  return reply;
}

TEST(StuckDetectorTest, TrialsThatNobodyCanRunEndTheRunWithTheReason) {
  StuckDetector detector;
  const auto sweep = sample_sweep("running", 1, 0, 0, 2);
  const auto start = std::chrono::steady_clock::now();
  const auto reply = waiting("no benchmark cub200 on disk");
  EXPECT_TRUE(detector.look(sweep, true, reply, start).ok());
  EXPECT_TRUE(detector.look(sweep, true, reply, start + 5s).ok());
  const Status stuck = detector.look(sweep, true, reply, start + 6s);
  EXPECT_EQ(stuck.code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(stuck.message(),
            "nothing can run: 2 trials wait and the worker takes none\n  2 trials: no benchmark cub200 on disk");
}

TEST(StuckDetectorTest, WorkUnderWayOrToComeIsNotStuck) {
  StuckDetector detector;
  const auto start = std::chrono::steady_clock::now();
  const auto reply = waiting("no benchmark cub200 on disk");
  EXPECT_TRUE(detector.look(sample_sweep("running", 0, 0, 0, 2), true, reply, start).ok());
  EXPECT_TRUE(detector.look(sample_sweep("running", 0, 0, 1, 2), true, reply, start + 6s).ok());
  EXPECT_TRUE(detector.look(sample_sweep("running", 0, 0, 0, 2), false, reply, start + 12s).ok());
  EXPECT_TRUE(detector.look(sample_sweep("running", 0, 0, 0, 2), true, reply, start + 18s).ok());
}

TEST(StuckDetectorTest, WithoutAReasonItWaitsLonger) {
  StuckDetector detector;
  const auto start = std::chrono::steady_clock::now();
  const auto sweep = sample_sweep("running", 0, 0, 0, 2);
  EXPECT_TRUE(detector.look(sweep, true, waiting(""), start).ok());
  EXPECT_TRUE(detector.look(sweep, true, waiting(""), start + 59s).ok());
  EXPECT_FALSE(detector.look(sweep, true, waiting(""), start + 60s).ok());
}

std::string wait_for_end(ChildProcess& child) {
  while (!child.ended()) std::this_thread::yield();
  return *child.ended();
}

TEST_F(LocalTest, AChildWritesToItsLogAndTellsHowItEnded) {
  Result<ChildProcess> child =
      ChildProcess::start("/bin/sh", {"-c", "echo out; echo err >&2; exit 7"}, folder_ / "log");
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(wait_for_end(*child), "exit code 7");
  EXPECT_EQ(child->log_tail(), "  out\n  err\n");
  Result<ChildProcess> killed = ChildProcess::start("/bin/sh", {"-c", "kill -9 $$"}, folder_ / "log2");
  EXPECT_EQ(wait_for_end(*killed), "signal 9");
}

TEST_F(LocalTest, AChildHasAGroupOfItsOwnAndDoesNotOutliveItsOwner) {
  const std::string file = (folder_ / "pid").string();
  pid_t grandchild = 0;
  {
    Result<ChildProcess> child = ChildProcess::start(
        "/bin/sh", {"-c", "sleep 1000 & echo $! > " + file + ".new; mv " + file + ".new " + file + "; wait"},
        folder_ / "log");
    while (!std::filesystem::exists(file)) std::this_thread::yield();
    std::ifstream(file) >> grandchild;
    EXPECT_NE(getpgid(grandchild), getpgid(0));
  }
  // Killed; its new parent may take a moment to collect it, until when it is a zombie.
  const auto gone = [&] {
    std::ifstream stat("/proc/" + std::to_string(grandchild) + "/stat");
    std::string pid, name, state;
    return !(stat >> pid >> name >> state) || state == "Z" || state == "X";
  };
  while (!gone()) std::this_thread::yield();
}

TEST_F(LocalTest, AProgramThatIsNotThereIsNamed) {
  const Result<ChildProcess> child = ChildProcess::start("/nowhere/oodml-worker", {}, folder_ / "log");
  ASSERT_FALSE(child.has_value());
  EXPECT_NE(child.error().message().find("/nowhere/oodml-worker"), std::string::npos);
}

TEST_F(LocalTest, AStateFolderHasOneUserAtATime) {
  {
    const Result<StateFolder> first = StateFolder::open(folder_ / "state");
    ASSERT_TRUE(first.has_value());
    const Result<StateFolder> second = StateFolder::open(folder_ / "state");
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code(), StatusCode::kFailedPrecondition);
  }
  EXPECT_TRUE(StateFolder::open(folder_ / "state").has_value());
}

TEST_F(LocalTest, ABadSweepStartsNothing) {
  const Outcome outcome = run({"local", "-", "--state", (folder_ / "state").string()}, "this is: no sweep\n");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "state"));
}

TEST(SmokeTest, EachRowHasOneShortTrialWithoutFilesToKeep) {
  const auto plan = sweep::plan_sweep(
      "version: 1\nname: t\ntrial: {benchmark: cub200, epochs: 150, log: {csv: true}, keep_best: [nmi]}\n"
      "matrix:\n  criterion: [arcface, untrained: {criterion: arcface, epochs: 0}]\n  split: [1, 2]\n"
      "  seed: {count: 5}\n",
      {});
  ASSERT_TRUE(plan) << plan.error().message();
  const std::vector<SmokeTrial> trials = smoke_trials(*plan);
  ASSERT_EQ(trials.size(), 4u);
  EXPECT_EQ(trials[0].row, "criterion=arcface split=1");
  EXPECT_EQ(trials[3].row, "criterion=untrained split=2");
  const Params& values = trials[0].spec.values;
  EXPECT_EQ(values.integer("epochs"), 1);
  EXPECT_EQ(values.integer("steps_per_epoch"), 2);
  EXPECT_EQ(values.integer("images_per_class"), 16);
  EXPECT_FALSE(values.flag("log.csv"));
  EXPECT_TRUE(values.texts("keep_best").empty());
  EXPECT_EQ(trials[3].spec.values.integer("epochs"), 0) << "an untrained network stays one";
  EXPECT_TRUE(sweep::parse_trial_file(sweep::trial_file_text(trials[0].spec), "smoke.yaml")) << "it can be run";
}

TEST(SmokeTest, RowsOfProgramsOfPeoplesOwnAreNotTried) {
  const auto plan = sweep::plan_sweep(
      "version: 1\nname: t\ntrial: {benchmark: cub200}\n"
      "matrix: {criterion: [arcface, theirs: {program: reference, params: {lr: 0.1}}]}\n",
      {});
  ASSERT_TRUE(plan) << plan.error().message();
  ASSERT_EQ(smoke_trials(*plan).size(), 1u);
}

}  // namespace
}  // namespace oodml::cli
