// Workers that know their end, and workers as jobs of a real Slurm that `oodml scale slurm` starts.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/integration/cluster.h"
#include "tests/integration/slurm_daemons.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// The first four trials would take minutes, and are fast once they were stopped.
constexpr const char* kScript = R"({"default": ["normal"], "seeds": {
  "0": [{"do": "normal", "steps": 60, "step_millis": 1000}, {"do": "normal", "steps": 60}],
  "1": [{"do": "normal", "steps": 60, "step_millis": 1000}, {"do": "normal", "steps": 60}],
  "2": [{"do": "normal", "steps": 60, "step_millis": 1000}, {"do": "normal", "steps": 60}],
  "3": [{"do": "normal", "steps": 60, "step_millis": 1000}, {"do": "normal", "steps": 60}]}})";

bool contains(const std::vector<std::string>& ids, const std::string& id) {
  return std::ranges::find(ids, id) != ids.end();
}

/// Every trial succeeded at its last attempt, and those before were preempted: none counts as a failure.
void expect_only_preemptions(const std::map<std::int64_t, Ends>& ends, std::size_t at_least) {
  std::size_t preemptions = 0;
  for (const auto& [trial, attempts] : ends) {
    ASSERT_FALSE(attempts.empty());
    EXPECT_EQ(attempts.back(), "succeeded") << "trial " << trial;
    for (std::size_t i = 0; i + 1 < attempts.size(); ++i) {
      EXPECT_EQ(attempts[i], "preempted") << "trial " << trial;
      ++preemptions;
    }
  }
  EXPECT_GE(preemptions, at_least);
}

TEST(TimeLimitTest, AWorkerSaysWhenItEndsAndOneWithoutTimeLeavesWithoutATrial) {
  const TemporaryFolder folder;
  Cluster cluster(folder.path(), "{}");
  cluster.start_coordinator();
  const std::map<std::string, std::string> slurm = {{"SLURM_JOB_END_TIME", "4102444800"}};
  cluster.start_worker("long", 1, {.environment = slurm});
  const auto workers = [&] { return json::parse(cluster.oodml({"workers", "-o", "json"}).out).at("workers"); };
  ASSERT_TRUE(wait_until([&] { return !workers().empty(); }));
  EXPECT_EQ(workers().at(0).at("ends_at"), "2100-01-01T00:00:00Z");
  cluster.worker("long").signal(SIGTERM);
  ASSERT_EQ(cluster.worker("long").wait(), 0);

  cluster.submit(faults_sweep(1));
  // The sooner of both counts, and its trials would have to stop at once.
  Process& late = cluster.start_worker("late", 1, {.options = {"--time-limit", "100s"}, .environment = slurm});
  EXPECT_EQ(late.wait(), 0) << cluster.worker_log("late");
  EXPECT_NE(cluster.worker_log("late").find("the time limit is near"), std::string::npos) << cluster.worker_log("late");
  EXPECT_EQ(cluster.count({"queued"}), 1);
  cluster.start_worker("third");
  EXPECT_TRUE(cluster.all_succeed());
  cluster.stop();
}

TEST(TimeLimitTest, ATrialThatRunsWhenTheTimeIsOverWritesACheckpointAndGoesOnElsewhereFromThere) {
  const TemporaryFolder folder;
  Cluster cluster(folder.path(),
                  R"({"default": [{"do": "normal", "step_millis": 1000}, {"do": "normal", "step_millis": 10}]})");
  cluster.start_coordinator();
  cluster.submit(faults_sweep(1));
  const auto ends_at = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() + 14s);
  Process& short_job = cluster.start_worker(
      "short", 1,
      {.options = {"--time-reserve", "5s"}, .environment = {{"SLURM_JOB_END_TIME", std::to_string(ends_at)}}});
  EXPECT_EQ(short_job.wait(), 0) << cluster.worker_log("short");
  EXPECT_LT(std::time(nullptr), ends_at) << "it left in time";
  EXPECT_NE(cluster.worker_log("short").find("the time limit is near"), std::string::npos);
  cluster.start_worker("next");
  ASSERT_TRUE(cluster.all_succeed());
  EXPECT_EQ(cluster.table(), calm_table(faults_sweep(1)));
  const std::string shown = cluster.oodml({"show", "trial", "1"}).out;
  EXPECT_NE(shown.find("stopped with a checkpoint: the worker's time limit is near"), std::string::npos) << shown;
  cluster.stop();
  expect_only_preemptions(outcomes(cluster.database()), 1);
}

/// A coordinator, a Slurm, and a scaler between them.
class SlurmTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = SlurmDaemons::why_not(); !why.empty()) GTEST_SKIP() << why;
    slurm_.emplace(folder_ / "slurm");
    cluster_.emplace(folder_ / "oodml", kScript);
    cluster_->start_coordinator();
    write_text(folder_ / "scale.yaml", configuration());
  }
  /// Slurm first: its jobs are our workers.
  void TearDown() override {
    scaler_.reset();
    if (HasFailure() && slurm_) {
      std::error_code none_there;
      for (const auto& entry : std::filesystem::directory_iterator(folder_ / "shared/jobs", none_there)) {
        if (entry.path().extension() == ".log") std::cerr << entry.path() << "\n" << read_text(entry);
      }
      std::cerr << read_text(folder_ / "scaler.log") << slurm_->logs();
    }
    slurm_.reset();
  }

  std::string configuration() {
    json worker_arguments = json::array(
        {"--coordinator", cluster_->address(), "--benchmarks-root", (folder_ / "oodml/benchmarks").string(), "--core",
         program("../tests/scripted_trial"), "--threads-per-slot", "1", "--min-free-mib", "0", "--grace-seconds", "5"});
    for (const std::string& word : cluster_->security().worker_words()) worker_arguments.push_back(word);
    return "name: test\nfolder: shared\nidle: 4s\ninterval: 1s\nworker: " + program("oodml-worker") +
           "\nworker_args: " + worker_arguments.dump() +
           "\nprofiles:\n  - {name: batch, partition: batch, cpus: 1, time: 1h, max_workers: 4, cooldown: 1s, "
           "preemptible: true, array: true}\n";
  }
  std::map<std::string, std::string> environment() const {
    auto environment = cluster_->environment();
    environment.merge(slurm_->environment());
    environment["XDG_STATE_HOME"] = folder_ / "memory";
    return environment;
  }
  void start_scaler() {
    scaler_.emplace(std::vector<std::string>{program("oodml"), "scale", "slurm", folder_ / "scale.yaml"},
                    ProcessOptions{.environment = environment(), .folder = {}, .output = folder_ / "scaler.log"});
  }
  std::vector<std::string> running() const { return slurm_->jobs("test-batch", "RUNNING"); }
  bool ends_as(const std::string& job, const std::string& state) const {
    return wait_until([&] { return contains(slurm_->jobs("test-batch", state), job); }, 120s);
  }
  bool runs(int trials) const {
    return wait_until([&] { return cluster_->count({"running"}) >= trials; }, 60s);
  }

  TemporaryFolder folder_;
  std::optional<Cluster> cluster_;
  std::optional<SlurmDaemons> slurm_;
  std::optional<Process> scaler_;
};

TEST_F(SlurmTest, WorkersComeWithTheBacklogAndWhateverEndsThemEveryTrialSucceeds) {
  cluster_->submit(faults_sweep(8));
  start_scaler();
  ASSERT_TRUE(runs(4));
  const std::vector<std::string> first = running();
  ASSERT_EQ(first.size(), 4u) << "two on each node";
  EXPECT_EQ(slurm_->command({"squeue", "--noheader"}).out.find("PD"), std::string::npos) << "never more than the most";

  // Two are taken back for an urgent job, and wait again.
  const Output urgent = slurm_->command({"sbatch", "--parsable", "--partition=urgent", "--nodelist=n1", "--exclusive",
                                         "--output=/dev/null", "--wrap=exec sleep 2"});
  ASSERT_EQ(urgent.exit_code, 0) << urgent.err;
  std::vector<std::string> left;
  ASSERT_TRUE(wait_until([&] {
    left = running();
    std::erase_if(left, [&](const std::string& job) { return !contains(first, job); });
    return left.size() == 2;
  }));
  // The coordinator is away when one is cancelled by hand; then another has no time left.
  cluster_->stop_coordinator();
  ASSERT_EQ(slurm_->command({"scancel", left[0]}).exit_code, 0);
  cluster_->start_coordinator();
  EXPECT_TRUE(ends_as(left[0], "CANCELLED"));
  ASSERT_EQ(slurm_->command({"scontrol", "update", "jobid=" + left[1], "EndTime=now"}).exit_code, 0);
  EXPECT_TRUE(ends_as(left[1], "TIMEOUT"));

  EXPECT_TRUE(cluster_->all_succeed(180s));
  EXPECT_TRUE(wait_until([&] { return slurm_->command({"squeue", "--noheader"}).out.empty(); })) << "jobs are left";
  const Output status = run({program("oodml"), "scale", "status"}, {.environment = environment()});
  EXPECT_NE(status.out.find("batch"), std::string::npos) << status.out << status.err;
  scaler_->signal(SIGTERM);
  EXPECT_EQ(scaler_->wait(), 0) << read_text(folder_ / "scaler.log");
  slurm_.reset();
  cluster_->stop();
  expect_only_preemptions(outcomes(cluster_->database()), 4);
}

}  // namespace
}  // namespace oodml::testing
