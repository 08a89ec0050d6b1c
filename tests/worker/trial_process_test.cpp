// TrialProcess with real children: tests/support/scripted_trial plays the trial.
#include "worker/trial_process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <set>
#include <thread>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/worker/trials.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using job::Outcome;
using testing::leased_trial;
using testing::processes_with;
using testing::TemporaryFolder;
using testing::wait_until;

class TrialProcessTest : public ::testing::Test {
 protected:
  TrialProcessTest() {
    fs::create_directories(root_ / "benchmarks");
    fs::create_directories(root_ / "runs");
    options_.core = OODML_SCRIPTED_TRIAL;
    options_.benchmarks_root = root_ / "benchmarks";
    options_.runs = root_ / "runs";
    options_.grace = std::chrono::seconds(30);
  }

  void script(const std::string& text) { testing::write_text(root_ / "benchmarks/script.json", text); }

  /// Runs one attempt; `meanwhile` is called on another thread once the child is there.
  Verdict run(AttemptEpoch number = 1, std::function<void(Attempt&)> meanwhile = nullptr) {
    const job::LeasedTrial leased = leased_trial(7, number);
    attempt_ =
        std::make_shared<Attempt>(EventSpool::create(root_ / ("spool" + std::to_string(number)), leased.lease).value());
    directory_ = RunDirectory::prepare(options_.runs, leased).value();
    auto trial =
        TrialProcess::start(options_, leased, {"cpu:0", "cpu", 1, 0}, *directory_, *attempt_, launcher_, clock_, bell_);
    if (!trial.has_value()) return {Outcome::kInfrastructure, trial.error().message()};
    std::jthread other;
    if (meanwhile) other = std::jthread([&] { meanwhile(*attempt_); });
    const Verdict verdict = trial->supervise();
    other = std::jthread();
    EXPECT_TRUE(attempt_->spool().append_finish(verdict.outcome, verdict.message).ok());
    EXPECT_TRUE(wait_until([&] { return processes_with(root_.path().string()).empty(); }))
        << "something was left behind";
    return verdict;
  }

  std::vector<job::Event> events() const { return attempt_->spool().next_batch(1'000'000); }
  template <typename Body>
  std::vector<Body> all() const {
    std::vector<Body> found;
    for (const job::Event& event : events()) {
      if (const auto* body = std::get_if<Body>(&event.body)) found.push_back(*body);
    }
    return found;
  }
  void wait_for_events(Attempt& attempt, std::int64_t count) {
    EXPECT_TRUE(wait_until([&] { return attempt.spool().last_sequence() >= count; }, std::chrono::seconds(30)));
  }

  TemporaryFolder root_;
  SystemClock clock_;
  Bell bell_{clock_, std::chrono::milliseconds(5)};
  SystemProcessLauncher launcher_;
  TrialOptions options_;
  std::shared_ptr<Attempt> attempt_;
  std::optional<RunDirectory> directory_;
};

TEST_F(TrialProcessTest, ANormalTrialSucceedsWithAllItsEventsInOrder) {
  EXPECT_EQ(run(), (Verdict{Outcome::kSucceeded, ""}));
  const std::vector<job::Event> list = events();
  for (std::size_t i = 0; i < list.size(); ++i) EXPECT_EQ(list[i].sequence, static_cast<std::int64_t>(i) + 1);
  EXPECT_TRUE(std::holds_alternative<job::Hello>(list.front().body));
  EXPECT_TRUE(std::holds_alternative<job::Done>(list.back().body));
  EXPECT_EQ(all<job::Metric>().size(), 9u) << "3 epochs, each a loss and two metrics";
  EXPECT_EQ(all<job::Checkpoint>().size(), 3u);
}

TEST_F(TrialProcessTest, ProgressIsThinnedOutAndTheLastOneKept) {
  script(R"({"common": {"steps": 400}})");
  run();
  const auto progress = all<job::Progress>();
  EXPECT_LT(progress.size(), 20u);
  EXPECT_EQ(progress.back().step, 1200);
}

TEST_F(TrialProcessTest, AKilledTrialResumedFromTheEarlierAttemptEndsWithTheSameBits) {
  run();
  const auto undisturbed = all<job::Metric>();
  fs::remove_all(options_.runs);
  script(R"({"default": [{"do": "crash", "signal": 9, "at_step": 6}, "normal"]})");
  EXPECT_EQ(run(1).outcome, Outcome::kCrashed);
  EXPECT_EQ(run(2), (Verdict{Outcome::kSucceeded, ""}));
  EXPECT_NE(testing::read_text(directory_->log()).find("resumed from"), std::string::npos);
  EXPECT_EQ(all<job::Metric>(), undisturbed);
}

TEST_F(TrialProcessTest, ACrashIsOne) {
  script(R"({"default": [{"do": "crash", "signal": 11}]})");
  EXPECT_EQ(run().outcome, Outcome::kCrashed);
}

TEST_F(TrialProcessTest, FailuresKeepTheirKind) {
  script(R"({"default": [{"do": "fail", "kind": "out_of_memory", "message": "CUDA out of memory"}]})");
  EXPECT_EQ(run(), (Verdict{Outcome::kOutOfMemory, "CUDA out of memory"}));
}

TEST_F(TrialProcessTest, AnExitWithoutAReasonIsNotTheTrialsFault) {
  script(R"({"default": [{"do": "exit", "code": 3}]})");
  EXPECT_EQ(run().outcome, Outcome::kInfrastructure);
}

TEST_F(TrialProcessTest, AProgramThatDoesNotEvenBeginIsTheMachinesFault) {
  options_.core = "/bin/false";
  const Verdict verdict = run();
  EXPECT_EQ(verdict.outcome, Outcome::kMachine);
  EXPECT_EQ(verdict.message, "ended with exit code 1 before it began");
}

TEST_F(TrialProcessTest, GarbageOnThePipeIsSkipped) {
  script(R"({"default": [{"do": "garbage"}]})");
  EXPECT_EQ(run().outcome, Outcome::kSucceeded);
  EXPECT_EQ(all<job::Metric>().size(), 9u);
}

TEST_F(TrialProcessTest, ATornLastLineIsNoMetric) {
  script(R"({"default": [{"do": "torn", "at_step": 5}]})");
  EXPECT_EQ(run().outcome, Outcome::kCrashed);
  EXPECT_EQ(all<job::Metric>().size(), 3u);
}

TEST_F(TrialProcessTest, AFloodOfOutputGoesToTheLogAndDisturbsNothing) {
  script(R"({"default": [{"do": "flood", "mib": 20}]})");
  EXPECT_EQ(run().outcome, Outcome::kSucceeded);
  EXPECT_GE(fs::file_size(directory_->log()), 20u << 20);
}

TEST_F(TrialProcessTest, ManyEventsAtOnceAllArrive) {
  script(R"({"default": [{"do": "chatter", "count": 20000}]})");
  EXPECT_EQ(run().outcome, Outcome::kSucceeded);
  std::set<std::string> names;
  for (const job::Metric& metric : all<job::Metric>()) names.insert(metric.name);
  EXPECT_EQ(names.size(), 20'000u + 3u);
}

TEST_F(TrialProcessTest, AHungTrialIsKilledAfterTheStallLimit) {
  options_.stall = std::chrono::milliseconds(300);
  script(R"({"default": [{"do": "hang"}]})");
  const Verdict verdict = run();
  EXPECT_EQ(verdict.outcome, Outcome::kInfrastructure);
  EXPECT_NE(verdict.message.find("no sign of life"), std::string::npos);
}

TEST_F(TrialProcessTest, AStopGivesACheckpointToGoOnFrom) {
  script(R"({"common": {"step_millis": 20}})");
  const Verdict verdict = run(1, [&](Attempt& attempt) {
    wait_for_events(attempt, 2);
    attempt.request_stop(StopReason::kDrain);
  });
  EXPECT_EQ(verdict.outcome, Outcome::kPreempted);
  ASSERT_EQ(all<job::Stopped>().size(), 1u);
  EXPECT_FALSE(all<job::Checkpoint>().empty());
}

TEST_F(TrialProcessTest, ATrialThatIsDeafToSigtermIsKilledAfterTheGrace) {
  options_.grace = std::chrono::milliseconds(100);
  script(R"({"common": {"step_millis": 50, "steps": 10000}, "default": ["deaf"]})");
  const Verdict verdict = run(1, [&](Attempt& attempt) {
    wait_for_events(attempt, 2);
    attempt.request_stop(StopReason::kCancel);
  });
  EXPECT_EQ(verdict.outcome, Outcome::kCancelled);
}

TEST_F(TrialProcessTest, AFencedTrialIsKilledAtOnce) {
  script(R"({"common": {"step_millis": 50, "steps": 10000}, "default": ["deaf"]})");
  run(1, [&](Attempt& attempt) {
    wait_for_events(attempt, 2);
    attempt.request_stop(StopReason::kFenced);
  });
}

TEST_F(TrialProcessTest, DescendantsGoWithTheTrial) {
  for (const char* action : {"grandchild", "escapee"}) {
    script(std::string(R"({"default": [")") + action + R"("]})");
    EXPECT_EQ(run().outcome, Outcome::kSucceeded) << action;
    fs::remove_all(options_.runs);
  }
}

TEST_F(TrialProcessTest, ACoreThatIsNotThereIsNamed) {
  options_.core = root_ / "no-core";
  EXPECT_NE(run().message.find("no-core"), std::string::npos);
}

/// No file of this process may grow beyond the limit until it is lifted.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    lift();
    ::signal(SIGXFSZ, handler_);
  }
  void lift() { ::setrlimit(RLIMIT_FSIZE, &old_); }

 private:
  rlimit old_{};
  sighandler_t handler_;
};

TEST_F(TrialProcessTest, AFullDiskUnderTheSpoolLosesNothing) {
  options_.disk_retry = std::chrono::milliseconds(20);
  script(R"({"default": [{"do": "chatter", "count": 5000}]})");
  const Verdict verdict = [&] {
    FullDisk disk(32'000);  // About 300 events; the child inherits it, but writes only small files.
    return run(1, [&](Attempt& attempt) {
      std::int64_t before = -1;
      EXPECT_TRUE(
          wait_until([&] { return std::exchange(before, attempt.spool().last_sequence()) == before && before > 100; }));
      disk.lift();
    });
  }();
  EXPECT_EQ(verdict, (Verdict{Outcome::kSucceeded, ""}));
  EXPECT_EQ(all<job::Metric>().size(), 5000u + 9u);
}

TEST_F(TrialProcessTest, ADiskThatStaysFullEndsTheAttemptAndNotTheWorker) {
  options_.disk_retry = std::chrono::milliseconds(20);
  options_.stall = std::chrono::milliseconds(500);
  script(R"({"default": [{"do": "chatter", "count": 5000}]})");
  const job::LeasedTrial leased = leased_trial(7);
  const FullDisk disk(32'000);
  attempt_ = std::make_shared<Attempt>(EventSpool::create(root_ / "spool", leased.lease).value());
  directory_ = RunDirectory::prepare(options_.runs, leased).value();
  auto trial =
      TrialProcess::start(options_, leased, {"cpu:0", "cpu", 1, 0}, *directory_, *attempt_, launcher_, clock_, bell_);
  const Verdict verdict = trial->supervise();
  EXPECT_EQ(verdict.outcome, Outcome::kMachine);
  EXPECT_NE(verdict.message.find("could not be written"), std::string::npos) << verdict.message;
}

}  // namespace
}  // namespace oodml::worker
