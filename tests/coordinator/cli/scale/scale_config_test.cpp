#include "coordinator/cli/scale/scale_config.h"

#include <gtest/gtest.h>

#include "coordinator/cli/scale/batch_script.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::cli::scale {
namespace {

constexpr const char* kWhole = R"(
name: lab
folder: /shared/oodml
worker: /opt/oodml/bin/oodml-worker
worker_args: [--coordinator, "head:7070", --benchmarks-root, "/data/our benchmarks"]
idle: 10m
profiles:
  - name: gpu
    partition: gpu
    account: lab
    gres: "gpu:a100:1"
    cpus: 8
    memory: 60G
    time: 4h
    sbatch: [--constraint=a100]
    gpus_per_slot: 1
    gpu_memory_mib: 80000
    max_workers: 8
    trials_per_worker: 4
    preemptible: true
    array: true
  - name: cpu
    slots: 2
    cpus: 4
    min_workers: 1
    max_workers: 2
)";

TEST(ScaleConfigTest, EverythingIsReadAndWhatIsNotSaidHasADefault) {
  const auto config = parse_scale_config(kWhole, "/etc/scale.yaml");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->name, "lab");
  EXPECT_EQ(config->folder, "/shared/oodml");
  EXPECT_EQ(config->idle, std::chrono::minutes(10));
  EXPECT_EQ(config->interval, std::chrono::seconds(15));
  ASSERT_EQ(config->profiles.size(), 2u);
  EXPECT_EQ(config->profiles[0].time, std::chrono::hours(4));
  EXPECT_EQ(config->profiles[0].trials_per_worker, 4);
  EXPECT_TRUE(config->profiles[0].array);
  EXPECT_EQ(config->profiles[1].trials_per_worker, 2) << "as many as slots";
  EXPECT_EQ(job_name(*config, config->profiles[1]), "lab-cpu");
}

TEST(ScaleConfigTest, TheSampleIsAConfiguration) {
  const auto config = read_scale_config(testing::source("configs/scale_slurm.yaml"));
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->profiles.size(), 2u);
}

TEST(ScaleConfigTest, EverythingThatIsWrongIsSaidWithItsLine) {
  const auto config = parse_scale_config(R"(name: "a b"
profiles:
  - name: gpu
    partition: "gpu\n#SBATCH --uid=root"
    sbatch: [--comment=x, -p]
    max_wokers: 3
    time: 5s
  - name: gpu
    max_workers: 0
)",
                                         "scale.yaml");
  ASSERT_FALSE(config);
  const std::string& text = config.error().message();
  for (const char* part : {"scale.yaml:1:", "the key folder is missing", "letters, digits", "scale.yaml:4:",
                           "a text of one line", "--comment is said by oodml itself", "options of one word",
                           "did you mean 'max_workers'?", "'5s'", "a second profile 'gpu'", "a whole number from 1"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
  }
}

TEST(ScaleConfigTest, TheScriptHoldsTheWorkersCommandLineQuotedForTheShell) {
  const auto config = parse_scale_config(kWhole, "/etc/scale.yaml");
  ASSERT_TRUE(config);
  const std::string script = batch_script(*config, config->profiles[0]);
  EXPECT_NE(script.find("state=/shared/oodml/jobs/$SLURM_JOB_ID\n"), std::string::npos) << script;
  EXPECT_NE(script.find("exec /opt/oodml/bin/oodml-worker --coordinator head:7070 --benchmarks-root '/data/our "
                        "benchmarks' --exit-when-idle 600 --time-limit 14400 --resume-at-once --name "
                        "lab-gpu-$SLURM_JOB_ID --state-dir \"$state\"\n"),
            std::string::npos)
      << script;
  EXPECT_NE(batch_script(*config, config->profiles[1]).find("--cpu-slots 2"), std::string::npos);
  EXPECT_EQ(shell_quoted("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_quoted(""), "''");
}

TEST(ScaleConfigTest, AScriptOfTheirOwnIsChecked) {
  const testing::TemporaryFolder folder;
  const std::string yaml = "folder: shared\ntemplate: worker.sh\nprofiles: [{name: gpu}]\n";
  const auto read = [&](const std::string& script) {
    testing::write_text(folder / "worker.sh", script);
    return parse_scale_config(yaml, folder / "scale.yaml");
  };
  const auto config = read("#!/bin/sh\nmodule load cuda\n{{worker}} # of {{profile}}\n");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->folder, folder / "shared");
  EXPECT_NE(batch_script(*config, config->profiles[0]).find("# of gpu\n"), std::string::npos);
  EXPECT_NE(read("#!/bin/sh\n{{wroker}} {{worker}}\n").error().message().find("{{wroker is not known"),
            std::string::npos);
  EXPECT_NE(read("#!/bin/sh\n").error().message().find("no {{worker}}"), std::string::npos);
  EXPECT_TRUE(check_template(kDefaultScript).ok());
}

}  // namespace
}  // namespace oodml::cli::scale
