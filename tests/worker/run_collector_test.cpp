#include "worker/run_collector.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"
#include "tests/worker/run_folders.h"
#include "tests/worker/trials.h"
#include "worker/upload_folder.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::make_checkpoint;
using testing::write_text;

constexpr auto kDay = std::chrono::hours(24);
const std::string kTrial(64, 'a'), kOther(64, 'b');

class RunCollectorTest : public ::testing::Test {
 protected:
  fs::path run(const std::string& trial, int attempt) {
    const fs::path path = folder_ / trial / ("attempt-" + std::to_string(attempt));
    fs::create_directories(path);
    return path;
  }
  void end(const fs::path& run, job::Outcome outcome, bool is_needed = false) {
    ASSERT_TRUE(note_ended(run, {.outcome = outcome, .is_needed = is_needed}).ok());
  }
  std::int64_t collect(std::chrono::hours later, Duration keep = 7 * kDay) {
    const Time now = SystemClock().now() + later;
    return collect_runs(folder_.path(), keep, now, {mutex_, [this] { return in_use_; }}).trials;
  }
  bool is_there(const std::string& trial) { return fs::exists(folder_ / trial); }

  testing::TemporaryFolder folder_;
  std::mutex mutex_;
  std::set<std::string> in_use_;
};

TEST_F(RunCollectorTest, AFinalTrialGoesOnceItIsOld) {
  end(run(kTrial, 1), job::Outcome::kSucceeded);
  EXPECT_EQ(collect(6 * kDay), 0);
  EXPECT_EQ(collect(8 * kDay), 1);
  EXPECT_FALSE(is_there(kTrial));
  EXPECT_TRUE(fs::is_empty(folder_.path())) << "nothing of it is left";
}

TEST_F(RunCollectorTest, KeptForNoTimeItGoesAtOnce) {
  end(run(kTrial, 1), job::Outcome::kCancelled);
  EXPECT_EQ(collect(std::chrono::hours(1), Duration(0)), 1);
}

TEST_F(RunCollectorTest, WhatIsRunningStaysWhateverItsFoldersHold) {
  end(run(kTrial, 1), job::Outcome::kSucceeded);
  in_use_ = {kTrial};
  EXPECT_EQ(collect(8 * kDay), 0);
}

TEST_F(RunCollectorTest, ACheckpointThatIsNowhereElseKeepsItsTrial) {
  const fs::path first = run(kTrial, 1);
  make_checkpoint(first, "0001");
  end(first, job::Outcome::kPreempted, /*is_needed=*/true);
  EXPECT_EQ(collect(100 * kDay), 0);
  end(run(kTrial, 2), job::Outcome::kInfrastructure);
  EXPECT_EQ(collect(100 * kDay), 0) << "a later attempt that got no further changes nothing";
  end(run(kTrial, 3), job::Outcome::kSucceeded);
  EXPECT_EQ(collect(100 * kDay), 1) << "the trial is over";
}

TEST_F(RunCollectorTest, AnUploadedCheckpointKeepsNothing) {
  const fs::path first = run(kTrial, 1);
  make_checkpoint(first, "0001");
  end(first, job::Outcome::kPreempted, /*is_needed=*/false);
  EXPECT_EQ(collect(8 * kDay), 1);
}

TEST_F(RunCollectorTest, WhatIsOwedKeepsItsTrial) {
  end(run(kTrial, 2), job::Outcome::kSucceeded);
  ASSERT_TRUE(UploadFolder::create(run(kTrial, 1), testing::leased_trial(7).lease));
  EXPECT_EQ(collect(100 * kDay), 0);
}

TEST_F(RunCollectorTest, WithoutAWordHowItEndedACheckpointStaysUnlessThereIsAResult) {
  write_text(run(kTrial, 1) / "results.json", "{}");
  make_checkpoint(run(kTrial, 1), "0001");
  write_text(run(kOther, 1) / "trial.yaml", "");
  EXPECT_EQ(collect(100 * kDay), 2);
  make_checkpoint(run(kOther, 1), "0001");
  EXPECT_EQ(collect(100 * kDay), 0);
  EXPECT_TRUE(is_there(kOther));
}

TEST_F(RunCollectorTest, OtherFoldersAreNotTouched) {
  for (const char* name : {"notes", "attempt-1", "..a"}) fs::create_directories(folder_ / name / "attempt-1");
  EXPECT_EQ(collect(100 * kDay, Duration(0)), 0);
  EXPECT_TRUE(is_there("notes"));
}

TEST_F(RunCollectorTest, MeasuresAFileOfTwoNamesOnce) {
  const fs::path first = run(kTrial, 1);
  write_text(first / "log.txt", std::string(1 << 20, 'x'));
  const auto before = measure_runs(folder_.path());
  ASSERT_TRUE(before);
  EXPECT_GE(before->runs_bytes, 1 << 20);
  EXPECT_EQ(before->runs, 1);
  EXPECT_GT(before->free_bytes, 0);
  fs::create_hard_link(first / "log.txt", first / "again");
  EXPECT_LT(measure_runs(folder_.path())->runs_bytes, before->runs_bytes + (1 << 19));
}

}  // namespace
}  // namespace oodml::worker
