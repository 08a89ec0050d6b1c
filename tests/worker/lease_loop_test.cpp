// The whole worker with a coordinator, processes and a clock that the test holds in its hand: trials and directives.
#include "tests/worker/lease_loop_fixture.h"
#include "tests/worker/run_folders.h"
#include "worker/programs/program_launch.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using job::Directive;
using job::Outcome;
using std::chrono::minutes;
using testing::leased_trial;

TEST_F(LeaseLoopTest, ATrialIsRunAndItsEventsAndOutcomeDelivered) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->say(metric(1));
  ASSERT_TRUE(eventually([&] { return coordinator_.events(trial.lease).size() == 1; })) << "while it runs";
  launcher_.child(0)->say(job::Done{3});
  launcher_.child(0)->end({0, 0});
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kSucceeded);
  EXPECT_EQ(coordinator_.ended(trial.lease)->last_sequence, 2);
  EXPECT_TRUE(spools_gone());
}

TEST_F(LeaseLoopTest, TheCommandLineSaysWhereAndOnWhat) {
  options_.slot.trial.benchmarks_root = "/data";
  coordinator_.queue(leased_trial(1, 1));
  coordinator_.queue(leased_trial(1, 2));
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->end({0, 9});
  ASSERT_TRUE(launched(2));
  const fs::path runs = folder_ / "runs" / leased_trial(1).fingerprint;
  EXPECT_EQ(launcher_.spec(1).command,
            (std::vector<std::string>{"/core", "run", runs / "attempt-2/trial.yaml", "--run-dir", runs / "attempt-2",
                                      "--device", "cpu", "--threads", "2", "--die-with-parent", "--benchmarks-root",
                                      "/data", "--resume-from", runs / "attempt-1"}));
}

TEST_F(LeaseLoopTest, EverySlotRunsOneTrialAtATime) {
  info_.slots = {{"cpu:0", "cpu", 1, 0}, {"cpu:1", "cpu", 1, 0}};
  for (int i = 1; i <= 3; ++i) coordinator_.queue(leased_trial(i));
  start();
  ASSERT_TRUE(launched(2));
  ASSERT_TRUE(eventually([&] { return coordinator_.last_heartbeat().size() == 2; }));
  EXPECT_EQ(launcher_.launched(), 2u);
  launcher_.child(0)->say(job::Done{});
  launcher_.child(0)->end({0, 0});
  EXPECT_TRUE(launched(3));
}

TEST_F(LeaseLoopTest, LostRepliesDoNoHarm) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  for (const char* call : {"register", "acquire", "push", "checkpoint", "finish", "heartbeat"})
    coordinator_.lose_replies(call, 2);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->say(job::Checkpoint{1, "checkpoints/0001", "ab"});
  launcher_.child(0)->say(job::Done{});
  launcher_.child(0)->end({0, 0});
  ASSERT_TRUE(ended(trial));
  ASSERT_TRUE(spools_gone());
  EXPECT_EQ(coordinator_.ended(trial.lease)->times, 1) << "one outcome, asked for with one request id";
  EXPECT_EQ(coordinator_.events(trial.lease).size(), 2u);
  EXPECT_EQ(launcher_.launched(), 1u) << "the claim whose reply was lost was found again";
}

TEST_F(LeaseLoopTest, ACancelStopsTheChildAndIsReported) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->stop_politely();
  coordinator_.direct(trial.lease, Directive::kCancel);
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kCancelled);
  EXPECT_EQ(launcher_.child(0)->signals().front(), SIGTERM);
}

TEST_F(LeaseLoopTest, AStopIsAPreemptionAndTheSlotGoesOn) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  launcher_.child(0)->stop_politely();
  coordinator_.direct(trial.lease, Directive::kStop);
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kPreempted);
  coordinator_.queue(leased_trial(2));
  EXPECT_TRUE(launched(2));
}

TEST_F(LeaseLoopTest, AFencedAttemptIsKilledAndReportsNothing) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  coordinator_.overtake(trial.lease);
  ASSERT_TRUE(spools_gone());
  coordinator_.queue(leased_trial(2));
  ASSERT_TRUE(launched(2)) << "the slot goes on";
  EXPECT_EQ(launcher_.child(0)->signals().back(), SIGKILL);
  EXPECT_FALSE(coordinator_.ended(trial.lease));
}

TEST_F(LeaseLoopTest, AnOvertakenOutcomeIsDropped) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  coordinator_.set_away(true);
  launcher_.child(0)->say(job::Done{});
  launcher_.child(0)->end({0, 0});
  coordinator_.overtake(trial.lease);
  coordinator_.set_away(false);
  EXPECT_TRUE(spools_gone());
  EXPECT_FALSE(coordinator_.ended(trial.lease));
}

TEST_F(LeaseLoopTest, AFencedHeartbeatDoesNotThrowAwayAnOutcomeThatIsOnItsWay) {
  const auto trial = leased_trial(1);
  coordinator_.queue(trial);
  start();
  ASSERT_TRUE(launched(1));
  coordinator_.set_away(true);
  launcher_.child(0)->say(job::Done{});
  launcher_.child(0)->end({0, 0});
  ASSERT_TRUE(eventually([&] { return spooled("succeeded"); }));
  coordinator_.direct(trial.lease, Directive::kFenced);  // The lease ran out, but nobody claimed the trial.
  clock_.advance(minutes(5));
  coordinator_.set_away(false);
  ASSERT_TRUE(ended(trial));
  EXPECT_EQ(outcome(trial), Outcome::kSucceeded);
}

TEST_F(LeaseLoopTest, ACheckpointOfAnotherVersionOfAProgramIsNotGoneOnFrom) {
  testing::write_text(folder_ / "train.sh", "exit 0\n");
  options_.slot.trial.programs = {{"reference", {.file = folder_ / "train.sh"}}};
  auto trial = leased_trial(1, 2);
  trial.spec = sweep::parse_trial_file("benchmark: fashion_mnist\nprogram: reference\n", "trial.yaml").value();
  const std::string hash = program_identity(options_.slot.trial, trial.spec).data;
  const fs::path earlier = folder_ / "runs" / trial.fingerprint / "attempt-1";
  testing::make_checkpoint(earlier, "0002");
  trial.run_data = {{"program reference", "of another version"}};
  coordinator_.queue(trial);
  auto same = trial;
  same.lease = leased_trial(1, 3).lease;
  same.run_data = job::parse_stamps(hash);
  coordinator_.queue(same);
  start();
  const auto checkpoint_of = [&](std::size_t child) {
    for (const std::string& one : launcher_.spec(child).environment)
      if (one.starts_with("OODML_CHECKPOINT=")) return one.substr(one.find('=') + 1);
    return std::string("none");
  };
  ASSERT_TRUE(launched(1));
  EXPECT_EQ(checkpoint_of(0), "");
  const auto warned = [&] {
    for (const job::Event& event : coordinator_.events(trial.lease)) {
      const auto* warning = std::get_if<job::Warning>(&event.body);
      if (warning != nullptr) return warning->message;
    }
    return std::string();
  };
  ASSERT_TRUE(eventually([&] { return !warned().empty(); }));
  EXPECT_EQ(warned(), "not resumed from an earlier attempt; changed since: program reference");
  launcher_.child(0)->end({0, 9});
  ASSERT_TRUE(launched(2));
  EXPECT_EQ(checkpoint_of(1), (earlier / "checkpoints/0002").string());
}

TEST_F(LeaseLoopTest, ANewCheckpointOfThisAttemptIsCommittedAndReplacesOlderOnes) {
  coordinator_.queue(leased_trial(1, 1));
  coordinator_.queue(leased_trial(1, 2));
  start();
  ASSERT_TRUE(launched(1));
  const fs::path old = folder_ / "runs" / leased_trial(1).fingerprint / "attempt-1/checkpoints";
  fs::create_directories(old / "0001");
  launcher_.child(0)->end({0, 9});
  ASSERT_TRUE(launched(2));
  EXPECT_TRUE(fs::exists(old)) << "the new attempt may still need it";
  launcher_.child(1)->say(job::Checkpoint{2, "checkpoints/0002", "cd"});
  EXPECT_TRUE(eventually([&] { return !fs::exists(old); }));
  EXPECT_EQ(coordinator_.checkpoints().back().epoch, 2);
}

}  // namespace
}  // namespace oodml::worker
