#include "coordinator/cli/scale/scaler.h"

#include <gtest/gtest.h>

#include "coordinator/cli/scale/reconcile.h"
#include "tests/coordinator/cli/scale/fake_cluster.h"
#include "tests/support/fake_clock.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::cli::scale {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Looks at a cluster and a coordinator that the test holds in its hand.
class ScalerTest : public ::testing::Test {
 protected:
  ScalerTest() {
    config_.profiles = {{.name = "gpu", .max_workers = 4}};
    backlog_.waiting = {{{.benchmark = "birds"}, 2}};
  }

  Status look(bool dry_run = false) {
    said_.clear();
    const auto ask = [this]() -> Result<Backlog> {
      if (is_away_) return unavailable("no coordinator answers");
      return backlog_;
    };
    Scaler scaler(config_, cluster_, ask, clock_, [this](const std::string& line) { said_ += line + "\n"; });
    const auto file = StateFile::open(path());
    return file ? scaler.look(*file, dry_run) : file.error();
  }
  Status look_after(Duration wait) {
    clock_.advance(wait);
    return look();
  }
  /// The job's worker comes and takes a trial.
  void run(const std::string& id) {
    cluster_.set(id, JobPhase::kRunning, "RUNNING");
    backlog_.workers.insert("oodml-gpu-" + id);
    if (backlog_.waiting[0].trials > 0) --backlog_.waiting[0].trials;
  }
  ProfileState profile() { return read_state(path())->profiles.at("gpu"); }
  std::filesystem::path path() const { return folder_ / "state/oodml.json"; }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  ScaleConfig config_;
  FakeCluster cluster_;
  Backlog backlog_;
  bool is_away_ = false;
  std::string said_;
};

TEST_F(ScalerTest, BacklogBecomesJobsOnceAndEndsWhenTheirWorkersCame) {
  ASSERT_TRUE(look().ok());
  EXPECT_EQ(cluster_.alive(), 2);
  ASSERT_TRUE(look_after(minutes(1)).ok());
  EXPECT_EQ(cluster_.submissions, 2) << "pending ones are on their way";
  run("1");
  ASSERT_TRUE(look_after(minutes(1)).ok());
  EXPECT_EQ(profile().pending, 1);
  EXPECT_EQ(profile().working, 1);
  run("2");
  ASSERT_TRUE(look_after(minutes(1)).ok());
  EXPECT_EQ(cluster_.submissions, 2);
  backlog_.waiting[0].trials = 5;
  ASSERT_TRUE(look_after(minutes(1)).ok());
  EXPECT_EQ(cluster_.alive(), 4) << "the most";
}

TEST_F(ScalerTest, AnArrayIsOneSubmission) {
  config_.profiles[0].array = true;
  ASSERT_TRUE(look().ok());
  EXPECT_EQ(cluster_.submissions, 1);
  EXPECT_EQ(cluster_.alive(), 2);
  ASSERT_TRUE(look_after(minutes(1)).ok());
  EXPECT_EQ(cluster_.submissions, 1);
}

TEST_F(ScalerTest, ALostAnswerAsksForNothingTwice) {
  config_.profiles[0].max_workers = 1;
  cluster_.answer = FakeCluster::Answer::kTakesWithoutAnswer;
  ASSERT_TRUE(look().ok());
  EXPECT_EQ(cluster_.submissions, 1);
  EXPECT_NE(said_.find("did not answer"), std::string::npos);
  cluster_.answer = FakeCluster::Answer::kTakes;
  ASSERT_TRUE(look_after(hours(1)).ok());
  EXPECT_EQ(cluster_.submissions, 1) << "the job is known by its tag";
  EXPECT_EQ(profile().pending, 1);
}

TEST_F(ScalerTest, ASubmissionThatTheClusterDoesNotShowIsInDoubtForAWhile) {
  config_.profiles[0].max_workers = 1;
  cluster_.answer = FakeCluster::Answer::kTakesWithoutAnswer;
  ASSERT_TRUE(look().ok());
  cluster_.all.clear();
  cluster_.answer = FakeCluster::Answer::kTakes;
  ASSERT_TRUE(look_after(seconds(60)).ok());
  EXPECT_EQ(cluster_.submissions, 1);
  EXPECT_EQ(profile().in_doubt, 1);
  ASSERT_TRUE(look_after(seconds(60)).ok());
  EXPECT_EQ(cluster_.submissions, 2);
}

TEST_F(ScalerTest, WithoutItsStateTheClusterTellsWhatThereIs) {
  ASSERT_TRUE(look().ok());
  std::filesystem::remove(path());
  ASSERT_TRUE(look_after(minutes(1)).ok());
  EXPECT_EQ(cluster_.submissions, 2);
}

TEST_F(ScalerTest, RefusalsAreTriedAgainLaterAndLaterThenTheProfilePausesUntilAPersonResumesIt) {
  cluster_.answer = FakeCluster::Answer::kRefuses;
  ASSERT_TRUE(look().ok());
  EXPECT_EQ(cluster_.submissions, 1) << "the second is not tried";
  EXPECT_NE(profile().trouble.reason.find("Invalid account"), std::string::npos);
  ASSERT_TRUE(look_after(seconds(29)).ok());
  EXPECT_EQ(cluster_.submissions, 1);
  for (int i = 2; i <= 5; ++i) {
    ASSERT_TRUE(look_after(minutes(10)).ok());
    EXPECT_EQ(cluster_.submissions, i);
  }
  EXPECT_EQ(profile().paused_until, clock_.now() + hours(1));
  EXPECT_NE(said_.find("paused for an hour"), std::string::npos);
  ASSERT_TRUE(look_after(minutes(50)).ok());
  EXPECT_EQ(cluster_.submissions, 5);
  {
    const auto file = StateFile::open(path());
    ScaleState state = *file->read();
    resume(state.profiles.at("gpu"));
    ASSERT_TRUE(file->write(state).ok());
  }
  cluster_.answer = FakeCluster::Answer::kTakes;
  ASSERT_TRUE(look().ok());
  EXPECT_EQ(cluster_.alive(), 2);
}

TEST_F(ScalerTest, APauseIsOverAfterAnHour) {
  cluster_.answer = FakeCluster::Answer::kRefuses;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(look_after(minutes(10)).ok());
  cluster_.answer = FakeCluster::Answer::kTakes;
  ASSERT_TRUE(look_after(minutes(61)).ok());
  EXPECT_EQ(cluster_.alive(), 2);
}

TEST_F(ScalerTest, JobsThatFailBeforeTheirWorkerComesHoldTheProfileBack) {
  config_.profiles[0].max_workers = 1;
  ASSERT_TRUE(look().ok());
  cluster_.set("1", JobPhase::kFailed, "FAILED");
  ASSERT_TRUE(look_after(minutes(1)).ok());
  EXPECT_EQ(cluster_.submissions, 1);
  EXPECT_NE(profile().trouble.reason.find("job 1 ended as FAILED"), std::string::npos);
  ASSERT_TRUE(look_after(minutes(1)).ok());
  EXPECT_EQ(cluster_.submissions, 2);
  EXPECT_EQ(profile().trouble.failures, 1) << "it is told once";
  run("2");
  ASSERT_TRUE(look_after(minutes(1)).ok());
  EXPECT_EQ(profile().trouble.failures, 0);
}

TEST_F(ScalerTest, AJobThatTheClusterTookBackIsNoFailure) {
  config_.profiles[0].max_workers = 1;
  ASSERT_TRUE(look().ok());
  run("1");
  ASSERT_TRUE(look_after(minutes(1)).ok());
  for (const char* state : {"TIMEOUT", "PREEMPTED", "CANCELLED", "COMPLETED"}) {
    cluster_.set("1", JobPhase::kEnded, state);
    backlog_.waiting[0].trials = 0;
    ASSERT_TRUE(look_after(minutes(1)).ok());
    EXPECT_EQ(profile().trouble.failures, 0) << state;
    cluster_.set("1", JobPhase::kRunning, "RUNNING");
    ASSERT_TRUE(look_after(minutes(1)).ok());
  }
}

TEST_F(ScalerTest, NothingIsAskedForWhileEitherSideIsAway) {
  is_away_ = true;
  ASSERT_TRUE(look().ok());
  EXPECT_EQ(cluster_.submissions, 0);
  EXPECT_NE(read_state(path())->coordinator.reason.find("no coordinator"), std::string::npos);
  is_away_ = false;
  cluster_.answer = FakeCluster::Answer::kIsAway;
  ASSERT_TRUE(look_after(minutes(1)).ok());
  EXPECT_EQ(read_state(path())->cluster.failures, 1);
  const int looks = cluster_.looks;
  ASSERT_TRUE(look_after(seconds(5)).ok());
  EXPECT_EQ(cluster_.looks, looks) << "the cluster has peace for a while";
  cluster_.answer = FakeCluster::Answer::kTakes;
  ASSERT_TRUE(look_after(minutes(1)).ok());
  EXPECT_EQ(cluster_.alive(), 2);
}

TEST_F(ScalerTest, PendingJobsAreCancelledWhenNothingWaitsAndStuckOnesAlways) {
  ASSERT_TRUE(look().ok());
  cluster_.all[0].stuck = true;
  cluster_.set("1", JobPhase::kFailed, "PENDING");
  backlog_.waiting[0].trials = 0;
  ASSERT_TRUE(look_after(minutes(1)).ok());
  EXPECT_EQ(cluster_.cancelled, (std::vector<std::string>{"2", "1"}));
  EXPECT_NE(profile().trouble.reason.find("cannot begin"), std::string::npos);
}

TEST_F(ScalerTest, ADryRunOnlySaysWhatItWouldDo) {
  ASSERT_TRUE(look(/*dry_run=*/true).ok());
  EXPECT_EQ(said_, "would ask for 2 workers of gpu for 2 waiting trials\n");
  EXPECT_EQ(cluster_.submissions, 0);
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(ScalerTest, ADamagedStateIsRefusedWithItsName) {
  ASSERT_TRUE(look().ok());
  testing::write_text(path(), "{\"version\": 1}");
  const Status status = look();
  EXPECT_EQ(status.code(), StatusCode::kDataLoss);
  EXPECT_NE(status.message().find(path().string()), std::string::npos);
}

}  // namespace
}  // namespace oodml::cli::scale
