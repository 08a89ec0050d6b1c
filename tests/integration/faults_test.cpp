// The real programs under kills, lost messages and outages. In every case the sweep ends with the table of a calm run,
// each trial has exactly one attempt that succeeded, its last, and no process is left.

#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <random>
#include <thread>

#include "tests/integration/calm_end.h"
#include "tests/integration/cluster.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;

class FaultsTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
};

std::string all_logs(const std::filesystem::path& runs, const std::string& attempt) {
  std::string text;
  for (const auto& run : std::filesystem::directory_iterator(runs)) text += read_text(run.path() / attempt / "log.txt");
  return text;
}

std::vector<std::filesystem::path> spools(const std::filesystem::path& state) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(state / "spool")) files.push_back(entry.path());
  return files;
}

/// As if the worker had died while it wrote one more record, of 320 bytes.
void tear(const std::filesystem::path& spool) {
  std::ofstream(spool, std::ios::binary | std::ios::app) << "\x40\x01" << std::string(2, '\0') << "the begin";
}

TEST_F(FaultsTest, TrialsThatDieAreTriedAgainFromTheirCheckpoint) {
  Cluster cluster(folder_.path(), R"({"seeds": {"0": [{"do": "hang", "at_step": 6}, "normal"],
                                                "1": [{"do": "torn", "at_step": 6}, "normal"],
                                                "2": [{"do": "crash", "at_step": 6}, "normal"]}})");
  cluster.start_with(faults_sweep(4), 2);

  // The hanging one is the last that runs; it dies from outside.
  const auto others_ended = [&] { return cluster.count({"running", "queued"}) == 1 && cluster.trials()[0].has_recall; };
  ASSERT_TRUE(wait_until(others_ended));
  const std::vector<pid_t> hanging = cluster.trials_of("first");
  ASSERT_EQ(hanging.size(), 1u);
  ::kill(hanging[0], SIGKILL);

  const auto ends = expect_calm_end(cluster, 4);  // after a real backoff
  for (const int trial : {1, 2, 3}) EXPECT_EQ(ends.at(trial), (Ends{"crashed", "succeeded"})) << "trial " << trial;
  EXPECT_EQ(ends.at(4), Ends{"succeeded"});
  EXPECT_NE(cluster.worker_log("first").find("trial ended within a line"), std::string::npos);
  EXPECT_NE(all_logs(cluster.state("first") / "runs", "attempt-2").find("resumed from"), std::string::npos);
}

TEST_F(FaultsTest, KilledWorkersTrialsAreFinishedByItsNextLifeOrByAnother) {
  Cluster cluster(folder_.path(), R"({"seeds": {"0": [{"do": "hang", "at_step": 6}, "normal"],
                                                "1": [{"do": "hang", "at_step": 6}, "normal"]}})");
  cluster.start_with(faults_sweep(3));
  ASSERT_TRUE(wait_until([&] { return cluster.trials()[0].has_recall; }));
  cluster.start_worker("second");
  ASSERT_TRUE(wait_until([&] { return cluster.trials()[1].has_recall; }));
  for (const char* name : {"first", "second"}) {
    EXPECT_EQ(cluster.trials_of(name).size(), 1u);
    cluster.kill_worker(name);
  }

  // The worker died in the middle of a record. Only it comes back.
  ASSERT_EQ(spools(cluster.state("first")).size(), 1u);
  tear(spools(cluster.state("first"))[0]);
  cluster.start_worker("first");
  ASSERT_TRUE(wait_until([&] { return cluster.count({"backoff"}) == 2; })) << cluster.coordinator_log();
  cluster.skip_backoff();

  const auto ends = expect_calm_end(cluster, 3);
  EXPECT_EQ(ends.at(1), (Ends{"infrastructure", "succeeded"})) << "told by its worker's next life";
  EXPECT_EQ(ends.at(2), (Ends{"lost", "succeeded"})) << "its lease ran out";
  EXPECT_EQ(ends.at(3), Ends{"succeeded"});
  EXPECT_EQ(cluster.worker_log("first").find("set aside"), std::string::npos);
}

TEST_F(FaultsTest, CoordinatorKilledTenTimesLosesAndDoublesNothing) {
  constexpr int kTrials = 200;
  Cluster cluster(folder_.path(), R"({"default": [{"do": "normal", "step_millis": 25}]})",
                  {.lease = "6", .heartbeat = "1", .restart_grace = "15"});
  cluster.start_with(faults_sweep(kTrials), 2);
  cluster.start_worker("second", 2);
  Process watcher({program("oodml"), "watch", "faults", "--wait"}, {.environment = cluster.environment()});

  std::mt19937 random(20261122);
  for (int kill = 0; kill < 10; ++kill) {
    // At a moment that has nothing to do with what the programs are doing.
    std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution(50, 1200)(random)));
    cluster.kill_coordinator();
    cluster.start_coordinator();
  }
  ASSERT_LT(cluster.count({"succeeded"}), kTrials) << "the sweep was over before the last kill";

  const auto ends = expect_calm_end(cluster, kTrials);
  EXPECT_EQ(watcher.wait(10s), 0) << "a watcher follows through every restart";
  EXPECT_EQ(number_of(cluster.database(), "SELECT sum(count) FROM trial_results"),
            kTrials * number_of(cluster.database(), "SELECT count FROM trial_results WHERE trial_id = 1"));
  EXPECT_EQ(cluster.metric_points(), kTrials * kMetricsOfATrial);
  std::size_t attempts = 0;
  for (const auto& [trial, list] : ends) attempts += list.size();
  EXPECT_EQ(attempts, static_cast<std::size_t>(kTrials)) << "a restart costs no running trial";
}

TEST_F(FaultsTest, WorkerCutOffPastItsLeaseIsFencedOnceAnotherHasItsTrials) {
  const std::string slow = R"({"do": "normal", "step_millis": 400})";
  Cluster cluster(folder_.path(), R"({"seeds": {"0": [{"do": "normal", "step_millis": 100}, "normal"],
                                                "1": [{"do": "hang", "at_step": 6}, )" +
                                      slow + "]}}");
  Process& first = cluster.start_with(faults_sweep(2), 2);
  ASSERT_TRUE(wait_until([&] {
    const auto shown = cluster.trials();
    return shown[0].has_recall && shown[1].has_recall;
  }));
  ASSERT_EQ(cluster.count({"running"}), 2);
  first.signal(SIGSTOP);  // Its trials go on: one to its end, one hangs.
  ASSERT_TRUE(wait_until([&] { return cluster.count({"backoff"}) == 2; }));
  cluster.skip_backoff();
  cluster.start_worker("second", 2);
  ASSERT_TRUE(wait_until([&] { return cluster.trials()[0].state == "succeeded"; }));
  ASSERT_EQ(cluster.trials()[1].state, "running");
  EXPECT_EQ(cluster.trials_of("first").size(), 1u) << "the hanging one should not have noticed anything";

  // One outcome comes too late, and one attempt is still under way while the trial's next one runs elsewhere.
  first.signal(SIGCONT);
  for (const std::string trial : {"trial=1 ", "trial=2 "}) {
    EXPECT_TRUE(wait_until([&] {
      const std::string log = cluster.worker_log("first");
      return log.find("attempt dropped, the coordinator does not take it " + trial) != std::string::npos ||
             log.find("directive fenced " + trial) != std::string::npos;
    })) << cluster.worker_log("first");
  }
  EXPECT_TRUE(wait_until([&] { return cluster.trials_of("first").empty(); })) << "the overtaken trial goes on";
  const auto ends = expect_calm_end(cluster, 2);
  for (const int trial : {1, 2}) EXPECT_EQ(ends.at(trial), (Ends{"lost", "succeeded"})) << "trial " << trial;
}

TEST_F(FaultsTest, LateResultCountsWhenNobodyTookTheTrialSince) {
  Cluster cluster(folder_.path(), R"({"default": [{"do": "normal", "step_millis": 100}]})");
  Process& worker = cluster.start_with(faults_sweep(1));
  ASSERT_TRUE(wait_until([&] { return cluster.trials()[0].has_recall; }));
  worker.signal(SIGSTOP);
  ASSERT_TRUE(wait_until([&] { return cluster.count({"backoff"}) == 1; })) << "its lease did not run out";
  worker.signal(SIGCONT);
  EXPECT_EQ(expect_calm_end(cluster, 1).at(1), Ends{"succeeded"});
}

TEST_F(FaultsTest, OutcomeThatWaitsInTheSpoolSurvivesCoordinatorAndWorker) {
  Cluster cluster(folder_.path(), R"({"default": [{"do": "normal", "step_millis": 100}]})");
  cluster.start_with(faults_sweep(1));
  ASSERT_TRUE(wait_until([&] { return cluster.trials()[0].has_recall; }));
  cluster.kill_coordinator();
  const auto spool = spools(cluster.state("first")).at(0);
  ASSERT_TRUE(wait_until([&] { return read_text(spool).find("\"outcome\":\"succeeded\"") != std::string::npos; }));
  cluster.kill_worker("first");
  tear(spool);
  cluster.start_worker("first");  // finds nobody yet
  cluster.start_coordinator();
  EXPECT_EQ(expect_calm_end(cluster, 1).at(1), Ends{"succeeded"});
  EXPECT_EQ(cluster.metric_points(), kMetricsOfATrial);
}

/// A reply that is lost after the coordinator has acted.
class LostReplyTest : public FaultsTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(LostReplyTest, IsAskedForAgainAndActedOnOnce) {
  Cluster cluster(folder_.path(), "{}");
  cluster.start_coordinator();
  cluster.submit(faults_sweep(2));
  if (cluster.security().tls())
    cluster.proxy().look_into_tls(cluster.security().server(), cluster.security().authority());
  cluster.proxy().hold_replies_after(std::string("/oodml.v1.WorkerService/") + GetParam());
  cluster.start_worker("first");
  const std::string method = GetParam();
  ASSERT_TRUE(wait_until(
      [&] {
        if (cluster.proxy().lost_bytes() == 0) return false;
        if (method == "Acquire") return cluster.count({"running"}) == 1;
        if (method == "Finish") return cluster.count({"succeeded"}) == 1;
        return true;
      },
      10s))
      << "the coordinator has not acted";
  cluster.proxy().cut();
  const auto ends = expect_calm_end(cluster, 2);
  for (const int trial : {1, 2}) EXPECT_EQ(ends.at(trial), Ends{"succeeded"}) << "trial " << trial;
  EXPECT_EQ(cluster.metric_points(), 2 * kMetricsOfATrial);
  EXPECT_EQ(cluster.worker_log("first").find("attempt dropped"), std::string::npos) << cluster.worker_log("first");
}

INSTANTIATE_TEST_SUITE_P(Calls, LostReplyTest,
                         ::testing::Values("Register", "Acquire", "PushEvents", "CommitCheckpoint", "Finish"),
                         [](const auto& param_info) { return param_info.param; });

}  // namespace
}  // namespace oodml::testing
