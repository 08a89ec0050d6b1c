#include <gtest/gtest.h>
#include <signal.h>

#include <cmath>

#include "core/job/trial_state.h"
#include "tests/core/trial/tiny_trial.h"

namespace oodml::testing {
namespace {

/// A tiny trial on two processes.
struct SharedTrial : TinyTrial {
  SharedTrial() { set("replicas", "2"); }
};

std::string final_tensors(const TinyTrial& trial, const std::string& run) {
  std::string tensors;
  for (const char* file : {"network", "criterion", "optimizer"}) {
    tensors += read_text(trial.run_dir(run) / "checkpoints" / "0003" / (std::string(file) + ".safetensors"));
  }
  return tensors;
}

/// What an undisturbed run on two processes gives; made once.
struct Reference {
  std::vector<std::string> figures;
  std::string tensors;
  std::vector<job::Metric> metrics;
};

const Reference& reference() {
  static const Reference made = [] {
    const SharedTrial trial;
    const Output output = trial.finish("undisturbed");
    EXPECT_EQ(output.exit_code, 0) << output.err;
    EXPECT_FALSE(std::filesystem::exists(trial.run_dir("undisturbed") / "replicas"));
    const auto events = last_attempt(trial.events_log("undisturbed"));
    return Reference{figures(events), final_tensors(trial, "undisturbed"), all_of<job::Metric>(events)};
  }();
  return made;
}

void expect_as_undisturbed(const TinyTrial& trial, const std::string& run) {
  EXPECT_EQ(figures(last_attempt(trial.events_log(run))), reference().figures);
  EXPECT_EQ(final_tensors(trial, run), reference().tensors);
}

bool in_epoch_two(const TinyTrial& trial, const std::string& run) {
  std::error_code missing;
  return std::filesystem::exists(trial.events_log(run), missing) &&
         read_text(trial.events_log(run)).find("checkpoint epoch=1") != std::string::npos;
}

std::vector<pid_t> processes_of(const TinyTrial& trial, const std::string& run) {
  return processes_with(trial.run_dir(run).string());
}

/// The process that is not the one that was started.
pid_t second_replica(const TinyTrial& trial, const std::string& run, const Process& first) {
  for (const pid_t pid : processes_of(trial, run)) {
    if (pid != first.pid()) return pid;
  }
  return -1;
}

TEST(ReplicasTest, TwoProcessesGiveTheFiguresOfOne) {
  TinyTrial one;
  SharedTrial two;
  for (TinyTrial* trial : {&one, static_cast<TinyTrial*>(&two)}) {
    trial->set("epochs", "1");
    trial->set("evaluate", "{sets: [test, train], metrics: [e_recall@1, dists@intra, mAP_c], before_training: true}");
  }
  ASSERT_EQ(one.finish("one").exit_code, 0);
  const Output output = two.finish("two");
  ASSERT_EQ(output.exit_code, 0) << output.err;
  const auto expected = all_of<job::Metric>(last_attempt(one.events_log("one")));
  const auto found = all_of<job::Metric>(last_attempt(two.events_log("two")));
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(found[i].name, expected[i].name);
    if (expected[i].epoch == 0) {
      EXPECT_EQ(found[i].value, expected[i].value) << "embedding in turns changes no bit";
    }
    const bool is_smooth = expected[i].name == "loss" || expected[i].name == "dists@intra";
    if (is_smooth) {
      EXPECT_NEAR(found[i].value, expected[i].value, 1e-3) << expected[i].name;
    }
  }
}

TEST(ReplicasTest, TwoRunsGiveTheSameBits) {
  const SharedTrial trial;
  ASSERT_EQ(trial.finish("again").exit_code, 0);
  expect_as_undisturbed(trial, "again");
}

TEST(ReplicasTest, AKilledReplicaEndsTheTrialWithTheReasonAndLeavesNothingBehind) {
  const SharedTrial trial;
  Process process(trial.words("killed"));
  ASSERT_TRUE(wait_until([&] { return in_epoch_two(trial, "killed"); }));
  const pid_t second = second_replica(trial, "killed", process);
  ASSERT_GT(second, 0);
  ::kill(second, SIGKILL);
  EXPECT_EQ(process.wait(), 1);
  const auto failures = all_of<job::Failed>(last_attempt(trial.events_log("killed")));
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0].kind, job::to_text(job::Outcome::kInfrastructure));
  EXPECT_EQ(failures[0].message, "replica 2 of 2 was lost: killed by signal 9 (Killed)");
  EXPECT_TRUE(wait_until([&] { return processes_of(trial, "killed").empty(); }));

  ASSERT_EQ(trial.finish("killed").exit_code, 0);
  expect_as_undisturbed(trial, "killed");
}

TEST(ReplicasTest, TheOthersDieWithTheFirstAndTheTrialGoesOnBitForBit) {
  const SharedTrial trial;
  Process process(trial.words("first_killed"));
  ASSERT_TRUE(wait_until([&] { return in_epoch_two(trial, "first_killed"); }));
  process.signal(SIGKILL);
  EXPECT_EQ(process.wait(), 128 + SIGKILL);
  EXPECT_TRUE(wait_until([&] { return processes_of(trial, "first_killed").empty(); }));

  ASSERT_EQ(trial.finish("first_killed").exit_code, 0);
  expect_as_undisturbed(trial, "first_killed");
}

TEST(ReplicasTest, AStopOfTheWholeGroupLeavesACheckpointFromWhichItGoesOnBitForBit) {
  const SharedTrial trial;
  Process process(trial.words("stopped"));
  ASSERT_TRUE(wait_until([&] { return in_epoch_two(trial, "stopped"); }));
  ::kill(-process.pid(), SIGTERM);
  EXPECT_EQ(process.wait(), 75);
  EXPECT_TRUE(wait_until([&] { return processes_of(trial, "stopped").empty(); }));

  ASSERT_EQ(trial.finish("stopped").exit_code, 0);
  expect_as_undisturbed(trial, "stopped");
}

TEST(ReplicasTest, AnImageThatOneOfThemCannotReadIsNamed) {
  const SharedTrial trial;
  write_text(trial.image(0, 3), "no image");
  const Output output = trial.finish("damaged");
  EXPECT_EQ(output.exit_code, 1);
  const auto failures = all_of<job::Failed>(last_attempt(trial.events_log("damaged")));
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_NE(failures[0].message.find("class0/3.png"), std::string::npos) << failures[0].message;
  EXPECT_TRUE(processes_of(trial, "damaged").empty());
}

/// Everything that a method may keep beside the network, through the real loader: momentum keys and their queue,
/// second views, several heads, rotated images, embeddings stored for a sampler, a discriminator.
TEST(ReplicasTest, EveryKindOfMethodGivesTheLossOfOneProcess) {
  using Settings = std::vector<std::pair<std::string, std::string>>;
  const std::vector<Settings> methods = {
      {{"arch", "multifeature_small_conv_normalize"},
       {"criterion", "{name: diva, n_key_batches: 3}"},
       {"miner", "distance"}},
      {{"sampler", "fid_batchmatch"}, {"uniformity_prior", "{weight: 0.2, chunksize: 32}"}},
      {{"criterion", "imrot"}, {"miner", "none"}, {"accumulate", "2"}},
  };
  for (const Settings& settings : methods) {
    std::vector<double> losses;
    for (const std::string replicas : {"1", "2"}) {
      TinyTrial trial;
      for (const auto& [key, value] : settings) trial.set(key, value);
      trial.set("epochs", "1");
      trial.set("steps_per_epoch", "5");
      trial.set("lr", "1.0e-5");
      trial.set("replicas", replicas);
      const Output output = trial.finish("run");
      ASSERT_EQ(output.exit_code, 0) << settings[0].second << ": " << output.err;
      losses.push_back(all_of<job::Metric>(last_attempt(trial.events_log("run"))).front().value);
    }
    EXPECT_NEAR(losses[0], losses[1], 1e-4 * std::abs(losses[0])) << settings[0].second;
  }
}

TEST(ReplicasTest, GpusThatAreNotThereAreNamed) {
  const SharedTrial trial;
  const Output output = trial.finish("no_gpus", {"--device", "cuda:61,cuda:62"});
  EXPECT_EQ(output.exit_code, 1);
  EXPECT_NE(output.err.find("cuda:61"), std::string::npos) << output.err;
}

}  // namespace
}  // namespace oodml::testing
