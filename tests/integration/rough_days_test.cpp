// A cluster whose coordinator has a bad disk, no reliable power, or a clock that somebody keeps setting: the sweep ends
// as on a calm day.

#include <gtest/gtest.h>

#include <random>
#include <regex>
#include <thread>

#include "tests/integration/calm_end.h"
#include "tests/integration/cluster.h"
#include "tests/support/faulty_disk/faulty_disk.h"
#include "tests/support/faulty_disk/power_cut.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;

// A trial takes a second: by the last of six cuts, at most a second apart, four slots have ended half of them.
constexpr const char* kSlow = R"({"default": [{"do": "normal", "step_millis": 100}]})";
constexpr int kTrials = 60;

class RoughDaysTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = FaultyDisk::why_not(); !why.empty()) GTEST_SKIP() << why;
  }

  void some_time() {
    std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution(100, 1000)(random_)));
  }
  static void begin(Cluster& cluster) {
    cluster.start_with(faults_sweep(kTrials), 2);
    cluster.start_worker("second", 2);
  }
  static void expect_single_attempts(const std::map<std::int64_t, std::vector<std::string>>& ends) {
    for (const auto& [trial, attempts] : ends) EXPECT_EQ(attempts.size(), 1u) << "trial " << trial;
  }

  TemporaryFolder folder_;
  std::mt19937 random_{20261129};
};

TEST_F(RoughDaysTest, ADiskThatFailsAgainAndAgain) {
  const ClusterTerms patient{.lease = "6", .heartbeat = "1", .restart_grace = "15"};
  FaultyDisk disk(folder_ / "rules");
  const FaultyDisk::ForAll programs(disk);
  Cluster cluster(folder_.path(), kSlow, patient);
  begin(cluster);
  for (const char* call : {"fdatasync", "pwrite", "fdatasync", "pwrite", "fdatasync"}) {
    some_time();
    const std::size_t before = disk.struck().size();
    disk.set({"fail times=1 errno=EIO program=oodml-coordinator path=coordinator.db-wal$ calls=" + std::string(call)});
    ASSERT_TRUE(wait_until([&] { return disk.struck().size() > before; }, 20s)) << "the sweep was over before";
    EXPECT_TRUE(wait_until([&] { return processes_with(cluster.database()).empty(); }, 10s)) << "it went on";
    disk.clear();
    cluster.start_coordinator();
  }
  EXPECT_NE(cluster.coordinator_log().find("ending with exit code 74"), std::string::npos);
  ASSERT_LT(cluster.count({"succeeded"}), kTrials) << "the sweep was over before the last fault";
  expect_single_attempts(expect_calm_end(cluster, kTrials));
}

TEST_F(RoughDaysTest, PowerThatGoesAgainAndAgain) {
  const ClusterTerms patient{.lease = "6", .heartbeat = "1", .restart_grace = "15"};
  FaultyDisk disk(folder_ / "rules");
  disk.set({"record program=oodml-coordinator path=coordinator.db", "record program=oodml-coordinator path=/db$"});
  const FaultyDisk::ForAll programs(disk);
  Cluster cluster(folder_.path(), kSlow, patient);
  PowerCut power(disk, cluster.database().parent_path(), "coordinator.db");
  begin(cluster);
  int lost = 0;
  for (int cut = 0; cut < 6; ++cut) {
    some_time();
    cluster.kill_coordinator();
    power.strike(random_());
    lost += power.lost_sectors();
    cluster.start_coordinator();
  }
  EXPECT_GT(lost, 0) << "nothing was lost in any cut: the test shows nothing";
  ASSERT_LT(cluster.count({"succeeded"}), kTrials) << "the sweep was over before the last cut";
  expect_single_attempts(expect_calm_end(cluster, kTrials));
}

TEST_F(RoughDaysTest, AWallClockThatIsSetAgainAndAgain) {
  FaultyDisk disk(folder_ / "rules");
  const FaultyDisk::ForAll programs(disk);
  // One trial dies and waits for its backoff, half a minute by the steady clock.
  Cluster cluster(folder_.path(), R"({"seeds": {"0": [{"do": "crash", "at_step": 6}, "normal"]},
                                      "default": [{"do": "normal", "step_millis": 60}]})");
  cluster.start_with(faults_sweep(kTrials / 2), 2);
  ASSERT_TRUE(wait_until([&] { return cluster.count({"backoff"}) == 1; }));
  const std::int64_t hour = 3'600'000;
  const auto began = std::chrono::steady_clock::now();
  // Ahead and back, but never beyond the kernel's clock, by which gRPC's threads are woken.
  for (const std::int64_t offset : {-hour, std::int64_t{0}, -11 * hour, -10 * hour, -12 * hour, std::int64_t{0}}) {
    disk.set({"clock millis=" + std::to_string(offset)});
    some_time();
    if (offset == -12 * hour) {  // the date in the database is half a day ahead now
      cluster.kill_coordinator();
      cluster.start_coordinator();
    }
    for (const std::vector<std::string>& words : {std::vector<std::string>{"list"}, {"show", "faults"}, {"workers"}}) {
      const Output shown = cluster.oodml(words);
      EXPECT_EQ(shown.exit_code, 0) << shown.err;
      EXPECT_FALSE(std::regex_search(shown.out, std::regex(" -[0-9]"))) << "a negative time:\n" << shown.out;
    }
  }
  const auto ends = expect_calm_end(cluster, kTrials / 2);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 80s) << "a backoff of half a minute took longer";
  EXPECT_EQ(ends.at(1), (std::vector<std::string>{"crashed", "succeeded"}));
  for (const auto& [trial, attempts] : ends) {
    const std::size_t wanted = trial == 1 ? 2 : 1;
    EXPECT_EQ(attempts.size(), wanted) << "a lease ran out by the wall clock, of trial " << trial;
  }
}

}  // namespace
}  // namespace oodml::testing
