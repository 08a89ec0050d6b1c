// Nothing is lost while a disk is full: the trial waits, and goes on when there is space again. Small disks are mounted
// for it, which needs root; elsewhere the tests are skipped.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tests/integration/cluster.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;

/// A disk of its own at a folder, gone with the object.
class SmallDisk {
 public:
  explicit SmallDisk(const std::filesystem::path& folder, const std::string& size) : folder_(folder) {
    std::filesystem::create_directories(folder);
    if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, ("size=" + size).c_str()) != 0) problem_ = std::strerror(errno);
  }
  ~SmallDisk() {
    if (problem_.empty()) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  const std::string& problem() const { return problem_; }

  void fill() const {
    const int fd = ::open((folder_ / "filler").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const std::string bytes(4096, 'x');
    while (::write(fd, bytes.data(), bytes.size()) > 0) continue;
    EXPECT_EQ(errno, ENOSPC);
    ::close(fd);
  }
  void make_space() const { std::filesystem::remove(folder_ / "filler"); }

 private:
  const std::filesystem::path folder_;
  std::string problem_;
};

constexpr const char* kTalkative =
    R"({"default": [{"do": "chatter", "at_step": 8, "count": 600, "step_millis": 150}]})";

class FullDiskTest : public ::testing::Test {
 protected:
  /// A talkative trial runs and has told of its first epoch.
  bool start(Cluster& cluster) {
    cluster.start_with(faults_sweep(1));
    return wait_until([&] { return cluster.trials()[0].has_recall; });
  }

  void expect_nothing_lost(Cluster& cluster) {
    ASSERT_TRUE(cluster.all_succeed());
    EXPECT_EQ(cluster.table(), calm_table(faults_sweep(1)));
    cluster.stop();
    EXPECT_EQ(outcomes(cluster.database()).at(1), std::vector<std::string>{"succeeded"});
    const std::string said = "FROM metric_points JOIN series ON series.id = series_id WHERE set_name = 'chatter'";
    EXPECT_EQ(number_of(cluster.database(), "SELECT count(*) " + said), 600);
    EXPECT_EQ(number_of(cluster.database(), "SELECT count(DISTINCT name) " + said), 600);
  }

  TemporaryFolder folder_;
};

TEST_F(FullDiskTest, UnderTheSpoolTheTrialWaits) {
  Cluster cluster(folder_.path(), kTalkative);
  const SmallDisk disk(cluster.state("first") / "spool", "512k");
  if (!disk.problem().empty()) GTEST_SKIP() << "cannot mount a small disk: " << disk.problem();
  ASSERT_TRUE(start(cluster));
  disk.fill();
  ASSERT_TRUE(wait_until([&] { return cluster.worker_log("first").find("cannot write events") != std::string::npos; }));
  EXPECT_EQ(cluster.count({"running"}), 1);
  disk.make_space();
  expect_nothing_lost(cluster);
}

TEST_F(FullDiskTest, UnderTheDatabaseTheWorkerKeepsWhatItHas) {
  Cluster cluster(folder_.path(), kTalkative);
  const SmallDisk disk(cluster.database().parent_path(), "4m");
  if (!disk.problem().empty()) GTEST_SKIP() << "cannot mount a small disk: " << disk.problem();
  ASSERT_TRUE(start(cluster));
  disk.fill();
  ASSERT_TRUE(wait_until([&] { return cluster.coordinator_log().find("not committed") != std::string::npos; }))
      << cluster.coordinator_log();
  write_text(folder_ / "other.yaml", faults_sweep(7));
  const Output refused = cluster.oodml({"submit", folder_ / "other.yaml"});
  EXPECT_NE(refused.exit_code, 0) << "a sweep that is not on disk was confirmed";
  EXPECT_NE(refused.err.find("full"), std::string::npos) << refused.err;
  disk.make_space();
  expect_nothing_lost(cluster);
}

TEST_F(FullDiskTest, AWorkerWithTooLittleSpaceSaysSoTakesNothingAndGoesOnWhenThereIsSpaceAgain) {
  Cluster cluster(folder_.path(), "{}");
  const SmallDisk disk(cluster.state("first"), "64m");
  if (!disk.problem().empty()) GTEST_SKIP() << "cannot mount a small disk: " << disk.problem();
  cluster.start_coordinator();
  cluster.start_worker("first", 1, {.min_free_mib = 16});
  const auto workers = [&] { return cluster.oodml({"workers"}).out; };
  ASSERT_TRUE(wait_until([&] { return workers().find("ready") != std::string::npos; }));
  disk.fill();
  ASSERT_TRUE(wait_until([&] { return workers().find("takes no trials: only 0 MiB are free") != std::string::npos; }))
      << workers();
  cluster.submit(faults_sweep(1));
  const std::string shown = cluster.oodml({"show", "faults"}).out;
  EXPECT_NE(shown.find("has set itself aside: only 0 MiB are free"), std::string::npos) << shown;
  EXPECT_EQ(cluster.trials()[0].attempt, 0);
  disk.make_space();
  EXPECT_TRUE(wait_until([&] { return workers().find("ready") != std::string::npos; }));
  EXPECT_TRUE(cluster.all_succeed());
  cluster.stop();
}

}  // namespace
}  // namespace oodml::testing
