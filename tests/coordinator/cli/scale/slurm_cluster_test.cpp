// Slurm's commands as scripts that answer as the real ones do, well and badly.
#include "coordinator/cli/scale/slurm_cluster.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "coordinator/cli/scale/command.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::cli::scale {
namespace {

namespace fs = std::filesystem;

class SlurmClusterTest : public ::testing::Test {
 protected:
  SlurmClusterTest() {
    config_.folder = folder_ / "shared";
    config_.script_template = "#!/bin/sh\n{{worker}}\n";
    config_.profiles = {{.name = "gpu"}};
    config_.command_timeout = std::chrono::seconds(20);
    path_ = std::string(::getenv("PATH"));
    ::setenv("PATH", (folder_.path().string() + ":" + path_).c_str(), 1);
  }
  ~SlurmClusterTest() override { ::setenv("PATH", path_.c_str(), 1); }

  void script(const std::string& name, const std::string& body) {
    testing::write_text(folder_ / name, "#!/bin/sh\n" + body + "\n");
    fs::permissions(folder_ / name, fs::perms::owner_all);
  }
  Result<std::string> submit() { return cluster_.submit(config_.profiles[0], {.tag = "t1"}); }

  testing::TemporaryFolder folder_;
  ScaleConfig config_;
  SlurmCluster cluster_{config_};
  std::string path_;
};

TEST_F(SlurmClusterTest, ASubmissionIsAnArgumentListWithTheScriptAsItsInput) {
  script("sbatch", "for word; do echo \"$word\"; done > " + (folder_ / "words").string() + "; cat > " +
                       (folder_ / "script").string() + "; echo '12;cluster'");
  Profile& profile = config_.profiles[0];
  profile.partition = "gpu; touch /tmp/x";
  profile.gres = "gpu:1";
  profile.cpus = 4;
  profile.time = std::chrono::seconds(3661);
  profile.preemptible = true;
  profile.sbatch = {"--constraint=a100&b"};
  const auto id = cluster_.submit(profile, {.tag = "t1", .workers = 3});
  ASSERT_TRUE(id) << id.error().message();
  EXPECT_EQ(*id, "12");
  EXPECT_EQ(
      testing::read_text(folder_ / "words"),
      "--parsable\n--job-name=oodml-gpu\n--comment=oodml:t1\n--output=" + (config_.folder / "jobs/%x-%j.log").string() +
          "\n--open-mode=append\n--requeue\n--partition=gpu; touch /tmp/x\n--gres=gpu:1\n--cpus-per-task=4\n"
          "--time=61:01\n--array=0-2\n--constraint=a100&b\n");
  EXPECT_EQ(testing::read_text(folder_ / "script"),
            "#!/bin/sh\noodml-worker --exit-when-idle 300 --cpu-slots 1 "
            "--time-limit 3661 --resume-at-once\n");
  EXPECT_TRUE(fs::is_directory(config_.folder / "jobs"));
}

TEST_F(SlurmClusterTest, ARefusalComesWithTheReason) {
  script("sbatch",
         "echo 'sbatch: error: invalid partition specified: nope' >&2\n"
         "echo 'sbatch: error: Batch job submission failed: Invalid account or account/partition' >&2; exit 1");
  const auto id = submit();
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().message(),
            "sbatch ended with exit code 1: sbatch: error: Batch job submission failed: Invalid account or "
            "account/partition");
  script("sbatch", "echo Submitted");
  EXPECT_EQ(submit().error().code(), StatusCode::kInternal);
}

TEST_F(SlurmClusterTest, ACommandThatHangsIsKilledWithItsChildren) {
  config_.command_timeout = std::chrono::milliseconds(300);
  script("squeue", "sleep 1000 & echo $! > " + (folder_ / "child").string() + "; wait");
  const auto jobs = cluster_.jobs();
  ASSERT_FALSE(jobs);
  EXPECT_EQ(jobs.error().code(), StatusCode::kDeadlineExceeded);
  EXPECT_NE(jobs.error().message().find("squeue did not answer"), std::string::npos);
}

TEST_F(SlurmClusterTest, ACommandThatIsNotThereOrTalksWithoutEndIsAFailure) {
  EXPECT_EQ(run_command({"no-such-program-of-slurm"}, "", std::chrono::seconds(20)).error().code(),
            StatusCode::kNotFound);
  EXPECT_EQ(run_command({"yes"}, "", std::chrono::seconds(60)).error().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(*run_command({"cat"}, std::string(1 << 20, 'x'), std::chrono::seconds(60)), std::string(1 << 20, 'x'));
}

TEST_F(SlurmClusterTest, TheQueueIsReadAsSlurmPrintsIt) {
  const auto jobs =
      read_squeue(config_,
                  "2|2_4|PENDING|oodml-gpu|oodml:t1|Nodes required for job are DOWN, DRAINED or reserved\n"
                  "3|2_0|RUNNING|oodml-gpu|oodml:t1|None\n"
                  "4|4|COMPLETING|oodml-gpu|oodml:t2|None\n"
                  "5|5|NODE_FAIL|oodml-gpu|oodml:t3|None\n"
                  "6|6|PENDING|oodml-gpu|oodml:t4|BadConstraints\n"
                  "7|7|TIMEOUT|oodml-gpu|oodml:t5|TimeLimit\n"
                  "8|8|RUNNING|oodml-gpu|somebody's own|None\n"
                  "9|9|RUNNING|oodml-cpu|oodml:t6|None\n"
                  "slurm_load_jobs error: Unable to contact slurm controller\n");
  ASSERT_EQ(jobs.size(), 6u);
  EXPECT_EQ(jobs[0].id, "2_4");
  EXPECT_EQ(jobs[0].phase, JobPhase::kPending);
  EXPECT_EQ(jobs[0].reason, "Nodes required for job are DOWN, DRAINED or reserved");
  EXPECT_EQ(jobs[1].raw_id, "3");
  EXPECT_EQ(jobs[1].phase, JobPhase::kRunning);
  EXPECT_EQ(jobs[1].reason, "");
  EXPECT_EQ(jobs[2].phase, JobPhase::kEnded);
  EXPECT_EQ(jobs[3].phase, JobPhase::kFailed);
  EXPECT_FALSE(jobs[3].stuck);
  EXPECT_TRUE(jobs[4].stuck);
  EXPECT_EQ(jobs[5].phase, JobPhase::kEnded);
}

TEST_F(SlurmClusterTest, AJobThatIsGoneNeedsNoCancelling) {
  script("scancel", "echo \"$@\" > " + (folder_ / "words").string() +
                        "; echo 'scancel: error: Kill job error on job id 12: Invalid job id specified' >&2; exit 1");
  EXPECT_TRUE(cluster_.cancel({"12", "13_1"}).ok());
  EXPECT_EQ(testing::read_text(folder_ / "words"), "--quiet --state=PENDING 12 13_1\n");
  script("scancel", "echo 'Unable to contact slurm controller' >&2; exit 1");
  EXPECT_FALSE(cluster_.cancel({"12"}).ok());
  EXPECT_TRUE(cluster_.cancel({}).ok());
}

}  // namespace
}  // namespace oodml::cli::scale
