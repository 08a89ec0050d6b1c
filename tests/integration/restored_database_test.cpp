// The coordinator's database is put back to an older copy while workers train. They go on, nothing counts twice and no
// figure is missing; whose trial somebody else has claimed since gives way.

#include <gtest/gtest.h>
#include <signal.h>

#include "tests/integration/cluster.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

namespace fs = std::filesystem;

/// Three epochs of 1.2 s.
constexpr const char* kSlow = R"({"default": [{"do": "normal", "step_millis": 300}]})";

class RestoredDatabaseTest : public ::testing::Test {
 protected:
  /// Stops the coordinator for it, as an operator would.
  void back_up() {
    cluster_.kill_coordinator();
    fs::copy(folder(), folder_ / "backup", fs::copy_options::recursive);
    cluster_.start_coordinator();
  }
  void stop_and_restore() {
    cluster_.kill_coordinator();
    fs::remove_all(folder());
    fs::copy(folder_ / "backup", folder(), fs::copy_options::recursive);
  }
  bool told_an_epoch() {
    return wait_until([&] { return cluster_.trials()[0].has_recall; });
  }
  bool logged(const std::string& worker, const std::string& text) const {
    return cluster_.worker_log(worker).find(text) != std::string::npos;
  }
  Ends end() {
    EXPECT_TRUE(cluster_.all_succeed());
    EXPECT_EQ(cluster_.table(), calm_table(faults_sweep(1)));
    cluster_.stop();
    return outcomes(cluster_.database()).at(1);
  }

  fs::path folder() const { return cluster_.database().parent_path(); }

  TemporaryFolder folder_;
  Cluster cluster_{folder_.path(), kSlow};
};

TEST_F(RestoredDatabaseTest, EventsThatItHadAreToldAgain) {
  cluster_.start_with(faults_sweep(1));
  ASSERT_TRUE(wait_until([&] { return cluster_.count({"running"}) == 1; }));
  back_up();
  ASSERT_TRUE(told_an_epoch());
  stop_and_restore();
  cluster_.start_coordinator();
  EXPECT_EQ(end(), Ends{"succeeded"});
  EXPECT_EQ(cluster_.metric_points(), kMetricsOfATrial);
  EXPECT_TRUE(logged("first", "they are told again")) << cluster_.worker_log("first");
}

TEST_F(RestoredDatabaseTest, ALeaseThatItNeverGaveIsTakenUp) {
  cluster_.start_coordinator();
  cluster_.submit(faults_sweep(1));
  back_up();
  cluster_.start_worker("first");
  ASSERT_TRUE(told_an_epoch());
  stop_and_restore();
  cluster_.start_coordinator();
  EXPECT_EQ(end(), Ends{"succeeded"});
  EXPECT_EQ(cluster_.metric_points(), kMetricsOfATrial);
  EXPECT_NE(cluster_.coordinator_log().find("was taken up"), std::string::npos) << cluster_.coordinator_log();
}

TEST_F(RestoredDatabaseTest, AnOutcomeThatWaitsIsTakenUpByTheWorkersNextLife) {
  cluster_.start_coordinator();
  cluster_.submit(faults_sweep(1));
  back_up();
  cluster_.start_worker("first");
  ASSERT_TRUE(told_an_epoch());
  stop_and_restore();
  const auto spool = fs::directory_iterator(cluster_.state("first") / "spool")->path();
  ASSERT_TRUE(wait_until([&] { return read_text(spool).find("\"outcome\":\"succeeded\"") != std::string::npos; }));
  cluster_.kill_worker("first");
  cluster_.start_worker("first");
  cluster_.start_coordinator();
  EXPECT_EQ(end(), Ends{"succeeded"});
  EXPECT_EQ(cluster_.metric_points(), kMetricsOfATrial);
}

TEST_F(RestoredDatabaseTest, AWorkerWhoseTrialWasClaimedSinceGivesWay) {
  cluster_.start_coordinator();
  cluster_.submit(faults_sweep(1));
  back_up();
  Process& first = cluster_.start_worker("first");
  ASSERT_TRUE(told_an_epoch());
  first.signal(SIGSTOP);
  stop_and_restore();
  cluster_.start_coordinator();
  cluster_.start_worker("second");
  ASSERT_TRUE(wait_until([&] { return cluster_.count({"running"}) == 1; }));
  first.signal(SIGCONT);
  EXPECT_EQ(end(), Ends{"succeeded"});
  EXPECT_EQ(cluster_.metric_points(), kMetricsOfATrial);
  EXPECT_TRUE(cluster_.trials_of("first").empty());
}

TEST_F(RestoredDatabaseTest, ABackupThatWasTakenWhileTrialsRanIsPutBackUnderThem) {
  cluster_.start_with(faults_sweep(1));
  ASSERT_TRUE(wait_until([&] { return cluster_.count({"running"}) == 1; }));
  const fs::path backup = folder_ / "backup.db";
  std::vector<std::string> words = {"db", "backup", "-o", backup};
  for (const std::string& word : cluster_.security().operator_words()) words.push_back(word);
  const Output taken = cluster_.oodml(words);
  ASSERT_EQ(taken.exit_code, 0) << taken.err;
  const Output verified = cluster_.oodml({"db", "verify", backup});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_NE(verified.out.find("is whole: schema version"), std::string::npos) << verified.out;
  ASSERT_TRUE(told_an_epoch());

  const std::vector<std::string> restore = {"db", "restore", backup, "--database", cluster_.database()};
  const Output refused = cluster_.oodml(restore);
  EXPECT_EQ(refused.exit_code, 6) << refused.out;
  EXPECT_NE(refused.err.find("in use by another coordinator"), std::string::npos) << refused.err;
  cluster_.kill_coordinator();
  const Output restored = cluster_.oodml(restore);
  ASSERT_EQ(restored.exit_code, 0) << restored.err;
  EXPECT_NE(restored.out.find("what it was before: "), std::string::npos) << restored.out;
  cluster_.start_coordinator();
  EXPECT_EQ(end(), Ends{"succeeded"});
  EXPECT_EQ(cluster_.metric_points(), kMetricsOfATrial);
}

TEST_F(RestoredDatabaseTest, ATrialWhoseEndItForgotIsReportedFromItsCheckpoint) {
  cluster_.start_with(faults_sweep(1));
  ASSERT_TRUE(told_an_epoch());
  back_up();
  ASSERT_TRUE(cluster_.all_succeed());
  stop_and_restore();
  cluster_.start_coordinator();
  ASSERT_TRUE(wait_until([&] { return cluster_.count({"backoff"}) == 1; })) << "nobody holds its lease any more";
  cluster_.skip_backoff();
  EXPECT_EQ(end(), (Ends{"lost", "succeeded"}));
}

}  // namespace
}  // namespace oodml::testing
