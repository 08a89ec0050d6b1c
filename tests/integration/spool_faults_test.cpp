// The worker's spool on a disk that fails, and outcomes that cannot be delivered.

#include <gtest/gtest.h>
#include <signal.h>

#include <thread>

#include "tests/integration/cluster.h"
#include "tests/support/faulty_disk/faulty_disk.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class SpoolFaultsTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(SpoolFaultsTest, EventsWhoseSyncFailedArriveOnceAndInOrder) {
  if (const std::string why = FaultyDisk::why_not(); !why.empty()) GTEST_SKIP() << why;
  Cluster cluster(folder_.path(), R"({"default": [{"do": "normal", "step_millis": 200}]})");
  FaultyDisk disk(folder_ / "rules");
  cluster.start_coordinator();
  cluster.submit(faults_sweep(1));
  const std::string spool = "path=" + (cluster.state("first") / "spool").string();
  disk.set({"fail errno=EIO after=3 times=2 calls=fdatasync " + spool});
  cluster.start_worker("first", 1, {.options = {}, .environment = disk.environment()});
  ASSERT_TRUE(cluster.all_succeed());
  EXPECT_EQ(cluster.table(), calm_table(faults_sweep(1)));
  cluster.stop();
  EXPECT_FALSE(disk.struck().empty());
  EXPECT_EQ(outcomes(cluster.database()).at(1), Ends{"succeeded"});
  EXPECT_EQ(cluster.metric_points(), kMetricsOfATrial);
  EXPECT_NE(cluster.worker_log("first").find("cannot write events"), std::string::npos) << cluster.worker_log("first");
}

TEST_F(SpoolFaultsTest, AnOutcomeThatIsInMemoryOnlyDiesWithItsWorkerAndTheTrialIsTriedAgain) {
  if (const std::string why = FaultyDisk::why_not(); !why.empty()) GTEST_SKIP() << why;
  Cluster cluster(folder_.path(), R"({"default": [{"do": "normal", "step_millis": 100}]})");
  FaultyDisk disk(folder_ / "rules");
  cluster.start_with(faults_sweep(1), 1, {.options = {}, .environment = disk.environment()});
  ASSERT_TRUE(wait_until([&] { return cluster.trials()[0].has_recall; }));
  cluster.kill_coordinator();
  // From here on neither the file nor a new one takes anything; SIGTERM ends the waiting for it.
  disk.set({"fail errno=EIO path=" + (cluster.state("first") / "spool").string()});
  const auto trial_ended = [&] { return cluster.trials_of("first").empty(); };
  ASSERT_TRUE(wait_until(trial_ended));
  Process& worker = cluster.worker("first");
  worker.signal(SIGTERM);
  ASSERT_TRUE(wait_until([&] {
    return cluster.worker_log("first").find("outcome is in memory only") != std::string::npos;
  })) << cluster.worker_log("first");
  cluster.kill_worker("first");
  disk.clear();
  cluster.start_worker("first");
  cluster.start_coordinator();
  ASSERT_TRUE(wait_until([&] { return cluster.count({"backoff"}) == 1; })) << cluster.worker_log("first");
  cluster.skip_backoff();
  ASSERT_TRUE(cluster.all_succeed());
  EXPECT_EQ(cluster.table(), calm_table(faults_sweep(1)));
  cluster.stop();
  EXPECT_EQ(outcomes(cluster.database()).at(1), (Ends{"infrastructure", "succeeded"}));
}

TEST_F(SpoolFaultsTest, AWorkerGivesUpACoordinatorThatIsGoneAndItsNextLifeDelivers) {
  Cluster cluster(folder_.path(), R"({"default": [{"do": "normal", "step_millis": 100}]})");
  Process& worker = cluster.start_with(
      faults_sweep(1), 1, {.options = {"--exit-when-idle", "1", "--give-up-after", "6"}, .environment = {}});
  ASSERT_TRUE(wait_until([&] { return cluster.trials()[0].has_recall; }));
  cluster.kill_coordinator();
  EXPECT_EQ(worker.wait(), 7) << cluster.worker_log("first");
  EXPECT_NE(cluster.worker_log("first").find("the coordinator has not answered"), std::string::npos);
  EXPECT_FALSE(fs::is_empty(cluster.state("first") / "spool"));

  Process& alone = cluster.start_worker("first", 1, {.options = {"--give-up-after", "1"}, .environment = {}});
  EXPECT_EQ(alone.wait(), 7) << "a coordinator that was never there is given up, too";
  cluster.start_worker("first");
  cluster.start_coordinator();
  ASSERT_TRUE(cluster.all_succeed());
  cluster.stop();
  EXPECT_EQ(outcomes(cluster.database()).at(1), Ends{"succeeded"});
  EXPECT_EQ(cluster.metric_points(), kMetricsOfATrial);
}

}  // namespace
}  // namespace oodml::testing
