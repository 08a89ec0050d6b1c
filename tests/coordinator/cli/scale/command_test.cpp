// `oodml scale` as people call it, between a coordinator and a cluster that are scripts of the test.
#include <stdlib.h>

#include "core/base/exit_code.h"
#include "tests/coordinator/cli/cli_fixture.h"

namespace oodml::cli {
namespace {

namespace fs = std::filesystem;

class ScaleCommandTest : public CliTest {
 protected:
  ScaleCommandTest() {
    environment_["XDG_STATE_HOME"] = (folder_ / "memory").string();
    config_ = write("scale.yaml",
                    "name: lab\nfolder: shared\ncommand_timeout: 20s\nprofiles:\n"
                    "  - {name: gpu, max_workers: 2, cooldown: 0s, benchmarks: [birds]}\n");
    auto* group = service_.sharing.backlog_reply.add_waiting();
    group->set_benchmark("birds");
    group->set_split("default");
    group->set_cpu_threads(1);
    group->set_replicas(1);
    group->set_trials(5);
    path_ = ::getenv("PATH");
    ::setenv("PATH", (folder_.path().string() + ":" + path_).c_str(), 1);
    slurm("squeue", "cat " + (folder_ / "queue").string());
    slurm("scancel", "exit 0");
    queue("");
  }
  ~ScaleCommandTest() override { ::setenv("PATH", path_.c_str(), 1); }

  void slurm(const std::string& command, const std::string& body) {
    const std::string file = write(command, "#!/bin/sh\n" + body + "\n");
    fs::permissions(file, fs::perms::owner_all);
  }
  /// Takes everything: the queue shows it from then on.
  void take_submissions() {
    const std::string queue = (folder_ / "queue").string();
    slurm("sbatch", "n=$(($(wc -l < " + queue + ") + 1)); for word; do case $word in --comment=*) " +
                        "echo \"$n|$n|PENDING|lab-gpu|${word#--comment=}|Resources\" >> " + queue +
                        ";; esac; done; echo $n");
  }
  void queue(const std::string& text) { write("queue", text); }
  Outcome look() { return run({"scale", "slurm", config_, "--once"}); }
  std::string status() { return run({"scale", "status"}).out; }

  std::string config_, path_;
};

TEST_F(ScaleCommandTest, OneLookAsksForWhatIsLackingAndTheNextForNothingMore) {
  take_submissions();
  const Outcome dry = run({"scale", "slurm", config_, "--dry-run"});
  EXPECT_EQ(dry.code, kExitDone) << dry.err;
  EXPECT_NE(dry.err.find("would ask for 2 workers of gpu for 5 waiting trials"), std::string::npos) << dry.err;
  const Outcome first = look();
  EXPECT_EQ(first.code, kExitDone) << first.err;
  EXPECT_NE(first.err.find("asked for 1 worker of gpu: job 2\n"), std::string::npos) << first.err;
  EXPECT_EQ(look().err, "");
  EXPECT_NE(status().find("gpu waits in the cluster: Resources"), std::string::npos) << status();
  EXPECT_NE(run({"scale", "status", "-o", "json"}).out.find("\"pending\": 2"), std::string::npos);
}

TEST_F(ScaleCommandTest, ARefusalIsInTheStatusAndResumeTriesAgainAtOnce) {
  slurm("sbatch", "echo 'sbatch: error: Invalid account' >&2; exit 1");
  const Outcome refused = look();
  EXPECT_EQ(refused.code, kExitUnreachable);
  EXPECT_NE(refused.err.find("gpu: sbatch ended with exit code 1: sbatch: error: Invalid account"), std::string::npos);
  EXPECT_EQ(look().code, kExitDone) << "it waits";
  EXPECT_NE(status().find("tries again in "), std::string::npos) << status();
  EXPECT_NE(status().find("Invalid account"), std::string::npos) << status();
  take_submissions();
  EXPECT_EQ(run({"scale", "resume", "cpu"}).err, "oodml: no profile 'cpu' of a scaler here; known are gpu\n");
  EXPECT_EQ(run({"scale", "resume", "gpu"}).code, kExitDone);
  EXPECT_NE(look().err.find("asked for 1 worker"), std::string::npos);
}

TEST_F(ScaleCommandTest, AQueueThatDoesNotAnswerIsTriedAgainLater) {
  config_ = write("hasty.yaml", "name: lab\nfolder: shared\ncommand_timeout: 1s\nprofiles: [{name: gpu}]\n");
  slurm("squeue", "exec sleep 1000");
  const Outcome hung = look();
  EXPECT_EQ(hung.code, kExitUnreachable);
  EXPECT_NE(hung.err.find("squeue did not answer within 1 s and was killed"), std::string::npos) << hung.err;
  EXPECT_NE(status().find("the cluster failed 1 time in a row"), std::string::npos) << status();
}

TEST_F(ScaleCommandTest, WhatNoProfileIsForIsSaid) {
  service_.sharing.backlog_reply.mutable_waiting(0)->set_benchmark("cars");
  EXPECT_EQ(look().code, kExitDone);
  EXPECT_NE(status().find("no profile is for cars (gpu: no benchmark cars on disk"), std::string::npos) << status();
}

TEST_F(ScaleCommandTest, WhatIsMissingIsAskedFor) {
  EXPECT_EQ(run({"scale", "slurm"}).code, kExitUsage);
  EXPECT_EQ(run({"scale", "slurm", (folder_ / "none.yaml").string()}).code, kExitNotFound);
  EXPECT_EQ(run({"scale"}).code, kExitUsage);
  EXPECT_NE(status().find("No scaler of yours has looked yet"), std::string::npos);
  EXPECT_NE(run({"scale", "--print-template"}).out.find("exec {{worker}}"), std::string::npos);
}

}  // namespace
}  // namespace oodml::cli
