// Trials that kill whoever runs them.

#include <gtest/gtest.h>
#include <signal.h>

#include "tests/integration/cluster.h"
#include "tests/integration/database_rows.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;

class PoisonTest : public ::testing::Test {
 protected:
  static bool waits(const ShownTrial& trial) { return trial.state == "backoff" || trial.state == "failed"; }

  std::string message_of(const Cluster& cluster, int trial) {
    std::string message;
    read_rows(cluster.database(), "SELECT message FROM trials WHERE id = " + std::to_string(trial),
              [&](const DatabaseRow& row) { message = row.text(0); });
    return message;
  }

  TemporaryFolder folder_;
};

TEST_F(PoisonTest, ATrialThatCrashesOnThreeWorkersIsSetAsideAndTheOthersFinish) {
  Cluster cluster(folder_.path(), R"({"seeds": {"0": [{"do": "crash", "at_step": 6}]}})");
  cluster.start_coordinator();
  cluster.submit(faults_sweep(5));
  for (const int crashes : {1, 2, 3}) {
    const std::string name = "worker-" + std::to_string(crashes);
    Process& worker = cluster.start_worker(name);
    ASSERT_TRUE(wait_until([&] {
      const ShownTrial trial = cluster.trials()[0];
      return trial.attempt == crashes && waits(trial);
    })) << cluster.coordinator_log();
    ASSERT_TRUE(wait_until([&] { return cluster.count({"queued", "running"}) == 0; })) << "the others wait for it";
    worker.signal(SIGTERM);
    EXPECT_EQ(worker.wait(), 0);
    if (crashes < 3) cluster.skip_backoff();
  }
  EXPECT_EQ(cluster.count({"failed"}), 1);
  EXPECT_EQ(cluster.count({"succeeded"}), 4);

  // Nobody gets it again.
  cluster.start_worker("worker-4");
  EXPECT_EQ(cluster.oodml({"watch", "faults", "--wait"}).exit_code, 3) << "a failed trial is told to who waits";
  cluster.stop();
  EXPECT_EQ(outcomes(cluster.database()).at(1), (std::vector<std::string>{"crashed", "crashed", "crashed"}));
  EXPECT_NE(message_of(cluster, 1).find("set aside: its process crashed on 3 different workers"), std::string::npos)
      << message_of(cluster, 1);
}

TEST_F(PoisonTest, ATrialThatKillsItsWorkerEachTimeIsGivenUpAndTheOthersFinish) {
  constexpr int kTries = 6;  // the first and five more
  Cluster cluster(folder_.path(), R"({"seeds": {"0": [{"do": "kill_worker", "at_step": 2, "step_millis": 50}]}})");
  cluster.start_coordinator();
  cluster.submit(faults_sweep(4));
  int deaths = 0;
  Process* worker = &cluster.start_worker("only", 2);
  const bool over = wait_until(
      [&] {
        if (!worker->running()) {
          ++deaths;
          worker = &cluster.start_worker("only", 2);  // as systemd does
        }
        if (cluster.count({"backoff"}) > 0) cluster.skip_backoff();
        return deaths > kTries || cluster.count({"succeeded", "failed"}) == 4;
      },
      90s);
  EXPECT_TRUE(over) << cluster.coordinator_log();
  EXPECT_EQ(deaths, kTries);
  EXPECT_EQ(cluster.trials()[0].state, "failed");
  EXPECT_EQ(cluster.count({"succeeded"}), 3) << "what ran beside it is tried again\n"
                                             << cluster.oodml({"show", "faults"}).out;
  cluster.stop();
  EXPECT_EQ(outcomes(cluster.database()).at(1).size(), static_cast<std::size_t>(kTries));
  EXPECT_NE(message_of(cluster, 1).find("given up after 6 tries"), std::string::npos) << message_of(cluster, 1);
}

}  // namespace
}  // namespace oodml::testing
