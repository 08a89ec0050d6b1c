// Programs of people's own as trials, with real children: tests/support/programs/reference.py plays the program.
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/trials.h"
#include "worker/programs/local_programs.h"
#include "worker/programs/program_ending.h"
#include "worker/programs/program_launch.h"
#include "worker/trial_process.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using job::Outcome;
using testing::wait_until;

class ProgramTrialTest : public ::testing::Test {
 protected:
  ProgramTrialTest() {
    for (const char* folder : {"benchmarks", "runs"}) fs::create_directories(root_ / folder);
    options_.benchmarks_root = root_ / "benchmarks";
    options_.runs = root_ / "runs";
    options_.grace = std::chrono::seconds(60);
    options_.python = testing::source("deploy/python");
    options_.programs = {{"reference", {.file = testing::source("tests/support/programs/reference.py")}}};
    options_.data = [] { return job::DataStamps{{"images of fashion_mnist", "aa"}, {"images of other", "bb"}}; };
  }

  static job::LeasedTrial leased(const std::string& params, AttemptEpoch attempt) {
    job::LeasedTrial leased = testing::leased_trial(7, attempt);
    const std::string yaml =
        "benchmark: fashion_mnist\nprogram: reference\nepochs: 3\nseed: 5\nparams: {" + params + "}\n";
    leased.spec = sweep::parse_trial_file(yaml, "trial.yaml").value();
    leased.fingerprint = sweep::fingerprint(leased.spec);
    return leased;
  }

  /// `meanwhile` is called on another thread once the program prints something.
  Verdict run(const std::string& params, AttemptEpoch number = 1, std::function<void(Attempt&)> meanwhile = nullptr) {
    const job::LeasedTrial trial = leased(params, number);
    attempt_ =
        std::make_shared<Attempt>(EventSpool::create(root_ / ("spool" + std::to_string(number)), trial.lease).value());
    directory_ = RunDirectory::prepare(options_.runs, trial).value();
    auto process =
        TrialProcess::start(options_, trial, {"cpu:0", "cpu", 2, 0}, *directory_, *attempt_, launcher_, clock_, bell_);
    if (!process.has_value()) return {Outcome::kInfrastructure, process.error().text()};
    std::jthread other;
    if (meanwhile) {
      other = std::jthread([&] {
        EXPECT_TRUE(wait_until([&] { return !log().empty(); }));
        meanwhile(*attempt_);
      });
    }
    const Verdict verdict = process->supervise();
    other = std::jthread();
    EXPECT_TRUE(attempt_->spool().append_finish(verdict.outcome, verdict.message).ok());
    EXPECT_TRUE(testing::processes_with(root_.path().string()).empty()) << "something was left behind";
    return verdict;
  }

  std::string log() const { return testing::read_text(directory_->log()); }
  template <typename Body>
  std::vector<Body> all() const {
    std::vector<Body> found;
    for (const job::Event& event : attempt_->spool().next_batch(1'000'000)) {
      if (const auto* body = std::get_if<Body>(&event.body)) found.push_back(*body);
    }
    return found;
  }

  testing::TemporaryFolder root_;
  SystemClock clock_;
  Bell bell_{clock_, std::chrono::milliseconds(5)};
  SystemProcessLauncher launcher_;
  TrialOptions options_;
  std::shared_ptr<Attempt> attempt_;
  std::optional<RunDirectory> directory_;
};

TEST_F(ProgramTrialTest, ItSaysFiguresCheckpointsAndItsEnd) {
  EXPECT_EQ(run("lr: 0.5"), (Verdict{Outcome::kSucceeded, ""})) << log();
  const auto metrics = all<job::Metric>();
  ASSERT_EQ(metrics.size(), 6u);
  EXPECT_EQ(metrics[4], (job::Metric{3, "test", "embeds", "e_recall@1", 8.875})) << "((1/2 + 5)/2 + 5)/2 + 5";
  EXPECT_EQ(metrics[5].set, "train");
  EXPECT_EQ(all<job::Checkpoint>().size(), 3u);
  EXPECT_EQ(all<job::Done>().size(), 1u);
  EXPECT_TRUE(verify_checkpoint(directory_->path() / "checkpoints/0003").ok());
  EXPECT_FALSE(fs::exists(directory_->path() / "checkpoints/0001")) << "the last two are enough";
  EXPECT_TRUE(fs::exists(directory_->path() / "best/model/value.txt"));
}

TEST_F(ProgramTrialTest, TheWorkerIntroducesItWithTheHashOfItsFile) {
  run("do: garbage");
  const auto hello = all<job::Hello>();
  ASSERT_EQ(hello.size(), 1u) << "what it says of itself does not count";
  EXPECT_EQ(hello[0].device, "cpu");
  const auto identity = all<job::Identity>();
  ASSERT_EQ(identity.size(), 1u);
  const job::DataStamps stamps = job::parse_stamps(identity[0].data);
  EXPECT_EQ(stamps.at("images of fashion_mnist"), "aa");
  EXPECT_EQ(stamps.at("program reference").size(), 32u);
  EXPECT_EQ(stamps.size(), 2u);
}

TEST_F(ProgramTrialTest, AKilledOneGoesOnFromItsCheckpointAndSaysTheFiguresBeforeItAgain) {
  run("lr: 0.5");
  const auto undisturbed = all<job::Metric>();
  const Verdict killed = run("lr: 0.5, do: crash");
  EXPECT_EQ(killed.outcome, Outcome::kCrashed) << killed.message;
  ASSERT_EQ(all<job::Metric>().size(), 2u);
  EXPECT_EQ(run("lr: 0.5, do: crash", 2).outcome, Outcome::kSucceeded) << log();
  EXPECT_EQ(all<job::Metric>(), undisturbed);
  EXPECT_EQ(all<job::Checkpoint>().size(), 2u) << "the first epoch was not done again";
}

TEST_F(ProgramTrialTest, ADamagedCheckpointIsPassedOver) {
  EXPECT_EQ(run("do: exit, code: 3, at: 3").outcome, Outcome::kInfrastructure);
  testing::write_text(directory_->path() / "checkpoints/0002/value.txt", "7");
  EXPECT_EQ(whole_checkpoint(*directory_)->filename(), "0001");
  fs::create_directories(directory_->path() / "checkpoints/0009");
  EXPECT_EQ(whole_checkpoint(*directory_)->filename(), "0001") << "without a manifest it is none";
}

TEST_F(ProgramTrialTest, ToldToStopItWritesACheckpointAndReturns) {
  const auto stop = [](Attempt& attempt) { attempt.request_stop(StopReason::kDrain); };
  EXPECT_EQ(run("do: wait", 1, stop),
            (Verdict{Outcome::kPreempted, "stopped with a checkpoint: the worker is draining"}));
  EXPECT_EQ(all<job::Stopped>().size(), 1u);
  const auto checkpoints = all<job::Checkpoint>();
  ASSERT_EQ(checkpoints.size(), 2u);
  EXPECT_EQ(checkpoints[1].epoch, 2);
  EXPECT_EQ(run("do: train", 2).outcome, Outcome::kSucceeded);
}

TEST_F(ProgramTrialTest, OneThatJustEndsWhenItIsToldToHasStoppedWhateverTheReason) {
  for (const StopReason reason : {StopReason::kDrain, StopReason::kTimeLimit, StopReason::kOutage}) {
    const Ending ending{.said_hello = true, .stop = reason};
    EXPECT_EQ(classify_program_exit(ending).outcome, Outcome::kPreempted);
  }
}

TEST_F(ProgramTrialTest, OneThatDoesNotListenIsKilledAfterTheGrace) {
  options_.grace = std::chrono::milliseconds(200);
  const Verdict verdict = run("do: deaf", 1, [](Attempt& attempt) { attempt.request_stop(StopReason::kDirective); });
  EXPECT_EQ(verdict.outcome, Outcome::kPreempted);
  EXPECT_NE(verdict.message.find("no stop within the grace"), std::string::npos) << verdict.message;
  EXPECT_EQ(run("do: deaf", 2, [](Attempt& attempt) { attempt.request_stop(StopReason::kCancel); }).outcome,
            Outcome::kCancelled);
}

TEST_F(ProgramTrialTest, FailuresHaveTheirClass) {
  const std::tuple<const char*, Outcome, const char*> kCases[] = {
      {"do: memory", Outcome::kOutOfMemory, "CUDA out of memory. Tried to allocate 20.00 MiB"},
      {"do: memory_text", Outcome::kOutOfMemory, "ended with exit code 1; its output ends:"},
      {"do: nan", Outcome::kNumeric, "NotFinite: the loss of epoch 2 is nan"},
      {"do: error", Outcome::kInfrastructure, "ValueError: no such image\nline two = 2 % of it"},
      {"do: parameter", Outcome::kBadConfiguration, "the trial has no parameter params.depth"},
      {"do: exit, code: 2", Outcome::kBadConfiguration, "exit code 2"},
      {"do: exit, code: 127", Outcome::kMachine, "a command that is not there"},
      {"do: exit, code: 3", Outcome::kInfrastructure, "exit code 3 without a reason"},
  };
  for (const auto& [params, outcome, message] : kCases) {
    const Verdict verdict = run(params);
    EXPECT_EQ(verdict.outcome, outcome) << params << ": " << verdict.message;
    EXPECT_NE(verdict.message.find(message), std::string::npos) << params << ": " << verdict.message;
    fs::remove_all(root_ / "spool1");
  }
}

TEST_F(ProgramTrialTest, ExitCodeZeroIsSuccessWithoutAWordAndGarbageIsSkipped) {
  EXPECT_EQ(run("do: silent"), (Verdict{Outcome::kSucceeded, ""}));
  EXPECT_EQ(run("do: garbage", 2), (Verdict{Outcome::kSucceeded, ""}));
}

TEST_F(ProgramTrialTest, AScriptThatOnlyPrintsLinesWillDo) {
  const fs::path script = root_ / "plain.sh";
  testing::write_text(script, R"(#!/bin/sh
echo "metric epoch=1 set=test embeds=embeds name=e_recall@1 value=$OODML_PARAM_LR" >&3
echo "$OODML_SEED $OODML_DEVICE $OODML_THREADS [$CUDA_VISIBLE_DEVICES] $OODML_PARAM_FAST $OODML_PARAM_TAU $OODML_PARAM_A_B"
test "$PWD" = "$OODML_RUN_DIR" && test -f trial.yaml && test -f "$OODML_TRIAL" && test -z "$OODML_CHECKPOINT"
)");
  fs::permissions(script, fs::perms::owner_all);
  options_.programs = {{"reference", {.file = script}}};
  EXPECT_EQ(run("lr: 0.25, fast: true, tau: [1, 2], a: {b: x y}"), (Verdict{Outcome::kSucceeded, ""})) << log();
  EXPECT_EQ(all<job::Metric>(), (std::vector<job::Metric>{{1, "test", "embeds", "e_recall@1", 0.25}}));
  EXPECT_EQ(log(), "5 cpu 2 [] 1 [1,2] x y\n");
  const auto about = nlohmann::json::parse(testing::read_text(directory_->path() / "trial.json"));
  EXPECT_EQ(about["params"], nlohmann::json::parse(R"({"lr": 0.25, "fast": true, "tau": [1, 2], "a": {"b": "x y"}})"));
  EXPECT_EQ(about["epochs"], 3);
  EXPECT_EQ(about["checkpoint"], nullptr);
}

TEST_F(ProgramTrialTest, WhatTheWorkerDoesNotHaveOrTheProgramDoesNotTakeIsNotStarted) {
  options_.programs.at("reference").params = {{"lr", "number"}};
  EXPECT_NE(run("lr: fast").message.find("params.lr of program reference must be a number"), std::string::npos);
  options_.programs.clear();
  EXPECT_NE(run("lr: 0.1").message.find("this worker has no program 'reference'"), std::string::npos);
  EXPECT_FALSE(fs::exists(directory_->log()));
}

TEST(ProgramLaunchTest, ItSeesTheDevicesOfItsSlotAlone) {
  EXPECT_EQ(visible_devices("", "0,1"), "");
  EXPECT_EQ(visible_devices("cuda:1", ""), "1");
  EXPECT_EQ(visible_devices("cuda:0,cuda:2", "4,5,GPU-6a"), "4,GPU-6a") << "of those that the worker sees";
}

TEST(LocalProgramsTest, ProgramsAreAbsoluteExecutableFilesWithTheirKeys) {
  const testing::TemporaryFolder folder;
  const std::string file = folder / "run.sh", word = "reference=" + file;
  testing::write_text(file, "#!/bin/sh\n");
  const auto said = [](const std::vector<std::string>& programs, const std::vector<std::string>& keys = {}) {
    return local_programs(programs, keys).error().message();
  };
  EXPECT_NE(said({word}).find("cannot be executed"), std::string::npos) << said({word});
  fs::permissions(file, fs::perms::owner_all);
  EXPECT_EQ(local_programs({word}, {})->at("reference").file, file);
  for (const char* bad : {"reference", "=/bin/sh", "Reference=/bin/sh", "none=/bin/sh", "../x=/bin/sh"})
    EXPECT_NE(said({bad}).find("--program takes NAME=FILE"), std::string::npos) << said({bad});
  EXPECT_NE(said({"a=run.sh"}).find("takes an absolute path, got 'run.sh'"), std::string::npos);
  EXPECT_NE(said({"a=/no/such"}).find("--program a: no file /no/such"), std::string::npos);
  EXPECT_NE(said({word, word}).find("is there twice"), std::string::npos);
  EXPECT_NE(said({word}, {"other=" + file}).find("there is no such --program"), std::string::npos);

  testing::write_text(file + ".keys", "lr: number\noptimizer.name: text\n");
  EXPECT_EQ(offers_of(*local_programs({word}, {}))[0].keys,
            (catalogue::DeclaredParams{{"lr", "number"}, {"optimizer.name", "text"}}));
  testing::write_text(folder / "bad.yaml", "lr: float\n2x: text\n");
  const std::string refused = said({word}, {"reference=" + (folder / "bad.yaml").string()});
  EXPECT_NE(refused.find("bad.yaml:1:5: unknown type of lr 'float'"), std::string::npos) << refused;
  EXPECT_NE(refused.find("bad.yaml:2:1: '2x' is no name of a program's parameter"), std::string::npos) << refused;
}

}  // namespace
}  // namespace oodml::worker
