// Two workers that share no folder: what one of them uploaded, the other goes on from, and the figures are those of a
// calm run.

#include <gtest/gtest.h>
#include <signal.h>

#include "tests/integration/calm_end.h"
#include "tests/integration/cluster.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr const char* kSlow = R"({"common": {"step_millis": 150}})";
/// Long enough for uploads while it runs.
constexpr const char* kSlower = R"({"common": {"step_millis": 600}})";
/// Checkpoints that take a moment to send.
constexpr const char* kLarge = R"({"common": {"step_millis": 150, "checkpoint_mib": 48}})";

std::string with_uploads_each_second(std::string sweep) {
  const std::string place = "  epochs: 3\n";
  return sweep.insert(sweep.find(place), "  checkpoint_upload: 1\n");
}

class HandoverTest : public ::testing::Test {
 protected:
  /// The folders of an attempt of this number on a worker; one a trial.
  std::vector<fs::path> runs(const Cluster& cluster, const std::string& worker, int attempt) const {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& trial : fs::directory_iterator(cluster.state(worker) / "runs", error)) {
      const fs::path run = trial.path() / ("attempt-" + std::to_string(attempt));
      if (fs::exists(run, error)) found.push_back(run);
    }
    return found;
  }
  std::string log_of(const Cluster& cluster, const std::string& worker, int attempt) const {
    std::string text;
    for (const fs::path& run : runs(cluster, worker, attempt)) text += read_text(run / "log.txt");
    return text;
  }
  bool has_below(const std::vector<fs::path>& runs, const std::string& folder, const std::string& name) const {
    std::error_code error;
    for (const fs::path& run : runs) {
      for (const auto& entry : fs::directory_iterator(run / folder, error)) {
        if (entry.path().filename().string().starts_with(name)) return true;
      }
    }
    return false;
  }
  bool uploaded(const Cluster& cluster, const std::string& worker) const {
    return cluster.worker_log(worker).find("what=checkpoint") != std::string::npos;
  }
  /// The trial has a checkpoint on the worker that first ran it.
  bool begun(const Cluster& cluster) const {
    return wait_until([&] { return has_below(runs(cluster, "first", 1), "checkpoints", "0000"); });
  }
  void drain(Cluster& cluster, const std::string& worker) const {
    cluster.worker(worker).signal(SIGTERM);
    EXPECT_EQ(cluster.worker(worker).wait(), 0) << cluster.worker_log(worker);
  }
  void expect_gone_on(const Cluster& cluster, int attempt) const {
    EXPECT_NE(cluster.worker_log("second").find("goes on from an uploaded checkpoint"), std::string::npos)
        << cluster.worker_log("second");
    EXPECT_NE(log_of(cluster, "second", attempt).find("resumed from"), std::string::npos);
  }

  TemporaryFolder folder_;
};

TEST_F(HandoverTest, ADrainedTrialGoesOnOnAMachineThatSharesNothing) {
  Cluster cluster(folder_.path(), kSlow);
  cluster.start_with(faults_sweep(1));
  ASSERT_TRUE(begun(cluster));
  drain(cluster, "first");
  cluster.start_worker("second");
  const auto ends = expect_calm_end(cluster, 1);
  EXPECT_EQ(ends.at(1), (Ends{"preempted", "succeeded"}));
  expect_gone_on(cluster, 2);
}

TEST_F(HandoverTest, TheTrialOfALostMachineGoesOnFromItsLastUpload) {
  Cluster cluster(folder_.path(), kSlower);
  cluster.start_with(with_uploads_each_second(faults_sweep(1)));
  ASSERT_TRUE(wait_until([&] { return uploaded(cluster, "first"); }));
  cluster.kill_worker("first");
  cluster.start_worker("second");
  ASSERT_TRUE(wait_until([&] { return cluster.count({"backoff"}) == 1; }, seconds(30)));
  cluster.skip_backoff();
  const auto ends = expect_calm_end(cluster, 1);
  EXPECT_EQ(ends.at(1), (Ends{"lost", "succeeded"}));
  expect_gone_on(cluster, 2);
}

TEST_F(HandoverTest, TheTrialOfAMachineThatIsCutOffGoesOnElsewhereAndIsLetGoWhereItRan) {
  Cluster cluster(folder_.path(), kSlower);
  cluster.start_coordinator();
  cluster.submit(with_uploads_each_second(faults_sweep(1)));
  LossyProxy line;
  line.lead_to(cluster.coordinator_port());
  cluster.start_worker("first", 1, {.coordinator = line.address()});
  ASSERT_TRUE(wait_until([&] { return uploaded(cluster, "first"); }));
  line.lead_to(free_port());  // where nobody listens
  line.cut();
  cluster.start_worker("second");
  ASSERT_TRUE(wait_until([&] { return cluster.count({"backoff"}) == 1; }));
  cluster.skip_backoff();
  ASSERT_TRUE(wait_until([&] { return !cluster.trials_of("second").empty(); }));
  line.lead_to(cluster.coordinator_port());
  EXPECT_TRUE(wait_until([&] { return cluster.trials_of("first").empty(); })) << cluster.worker_log("first");
  const auto ends = expect_calm_end(cluster, 1);
  EXPECT_EQ(ends.at(1), (Ends{"lost", "succeeded"}));
  expect_gone_on(cluster, 2);
}

TEST_F(HandoverTest, AWorkerThatWasKilledWhileItUploadedFinishesInItsNextLife) {
  Cluster cluster(folder_.path(), kLarge);
  cluster.start_with(faults_sweep(1), 1, {.options = {"--resume-at-once"}});
  ASSERT_TRUE(begun(cluster));
  cluster.worker("first").signal(SIGTERM);
  ASSERT_TRUE(wait_until([&] { return has_below(runs(cluster, "first", 1), "upload/checkpoint", "files.json"); }));
  cluster.kill_worker("first");
  cluster.start_worker("first", 1, {.options = {"--resume-at-once"}});
  ASSERT_TRUE(wait_until([&] { return uploaded(cluster, "first"); }));
  drain(cluster, "first");
  cluster.start_worker("second");
  expect_calm_end(cluster, 1);
}

TEST_F(HandoverTest, AKillDuringTheDownloadLeavesNothingThatCounts) {
  Cluster cluster(folder_.path(), kLarge);
  cluster.start_with(faults_sweep(1));
  ASSERT_TRUE(begun(cluster));
  drain(cluster, "first");
  cluster.start_worker("second", 1, {.options = {"--resume-at-once"}});
  ASSERT_TRUE(wait_until([&] { return has_below(runs(cluster, "second", 2), "checkpoints", ".unfinished-"); }));
  cluster.kill_worker("second");
  cluster.start_worker("second", 1, {.options = {"--resume-at-once"}});
  const auto ends = expect_calm_end(cluster, 1);
  ASSERT_GE(ends.at(1).size(), 3u);
  EXPECT_EQ(ends.at(1).front(), "preempted");
  expect_gone_on(cluster, 3);
}

}  // namespace
}  // namespace oodml::testing
