// Workers on machines whose GPUs others use, break, or are named in whichever way; with a fake of NVIDIA's library.

#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/integration/cluster.h"
#include "tests/support/fake_nvml/fake_gpus.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::int64_t kStranger = 4'194'305;  // no process has this number on Linux

class GpusTest : public ::testing::Test {
 protected:
  static json worker(const Cluster& cluster) {
    const json document = json::parse(cluster.oodml({"workers", "-o", "json"}).out);
    return document.at("workers").empty() ? json{{"state", "unknown"}, {"slots", json::array()}}
                                          : document.at("workers").at(0);
  }
  /// Why the slot with that GPU takes no trial; empty: it does.
  static std::string aside(const Cluster& cluster, const std::string& uuid) {
    const json now = worker(cluster);
    for (const json& slot : now.at("slots")) {
      if (slot.at("gpus").dump() != "[\"" + uuid + "\"]") continue;
      const json& why = slot.at("set_aside");
      return why.is_null() ? std::string() : why.get<std::string>();
    }
    return "no such slot";
  }
  static bool is_aside(const Cluster& cluster, const std::string& uuid, const std::string& why) {
    return wait_until([&] { return aside(cluster, uuid).find(why) != std::string::npos; }, 30s);
  }
  /// CUDA_VISIBLE_DEVICES of the trials that run now.
  static std::set<std::string> visible(const Cluster& cluster) {
    const std::string name = "CUDA_VISIBLE_DEVICES=";
    std::set<std::string> lists;
    for (const pid_t pid : cluster.trials_of("first")) {
      const std::string environment = '\0' + read_text("/proc/" + std::to_string(pid) + "/environ");
      const std::size_t found = environment.find('\0' + name);
      if (found == std::string::npos) continue;
      const std::size_t from = found + 1 + name.size();
      lists.insert(environment.substr(from, environment.find('\0', from) - from));
    }
    return lists;
  }
  /// Of all trials until so many are done.
  static std::set<std::string> seen_until_done(const Cluster& cluster, int trials) {
    std::set<std::string> all;
    EXPECT_TRUE(wait_until(
        [&] {
          all.merge(visible(cluster));
          return cluster.count({"succeeded"}) >= trials;
        },
        90s))
        << cluster.worker_log("first");
    return all;
  }

  TemporaryFolder folder_;
  FakeGpus gpus_{folder_ / "gpus.json", {{.uuid = "GPU-a"}, {.uuid = "GPU-b"}, {.uuid = "GPU-c"}}};
};

constexpr const char* kSlow = R"({"default": [{"do": "normal", "step_millis": 100}]})";

TEST_F(GpusTest, TrialsSeeTheirGpuAloneAndOneThatOthersUseIsLeftToThemUntilItIsFree) {
  constexpr int kTrials = 16;
  gpus_[1].processes = {{kStranger, 9000}};
  gpus_[1].used_mib = 9000;
  gpus_.write();
  Cluster cluster(folder_.path(), kSlow);
  auto environment = gpus_.environment();
  environment["CUDA_VISIBLE_DEVICES"] = "2,GPU-b";
  cluster.start_with(faults_sweep(kTrials), 0, {.environment = environment});
  ASSERT_TRUE(is_aside(cluster, "GPU-b", "GPU-b is used by others since ")) << cluster.worker_log("first");
  EXPECT_NE(aside(cluster, "GPU-b").find(": process 4194305"), std::string::npos) << aside(cluster, "GPU-b");
  EXPECT_EQ(worker(cluster).at("state"), "ready") << "the other one works";
  EXPECT_NE(cluster.oodml({"workers"}).out.find(" takes no trials: GPU-b is used by others"), std::string::npos);
  EXPECT_EQ(seen_until_done(cluster, 2), std::set<std::string>{"GPU-c"});

  gpus_[1].processes.clear();
  gpus_[1].used_mib = 0;
  gpus_.write();
  ASSERT_TRUE(wait_until([&] { return aside(cluster, "GPU-b").empty(); }, 30s)) << cluster.worker_log("first");
  EXPECT_EQ(seen_until_done(cluster, kTrials), (std::set<std::string>{"GPU-b", "GPU-c"}));
  cluster.stop();
}

TEST_F(GpusTest, AGpuWithMemoryErrorsIsSetAsideThroughRestartsAndItsTrialGoesOnElsewhereWithoutATry) {
  constexpr const char* kScript = R"({"default": [{"do": "normal", "step_millis": 100}],
    "seeds": {"0": [{"do": "fail", "at_step": 6, "step_millis": 100, "kind": "machine",
                     "message": "CUDA error: uncorrectable ECC error encountered"}, "normal"]}})";
  Cluster cluster(folder_.path(), kScript);
  const WorkerExtras extras{.options = {"--devices", "0"}, .environment = gpus_.environment()};
  cluster.start_with(faults_sweep(1), 0, extras);
  ASSERT_TRUE(is_aside(cluster, "GPU-a", "GPU-a is set aside since ")) << cluster.worker_log("first");
  EXPECT_NE(aside(cluster, "GPU-a").find(": trial 1 ended there as: CUDA error: uncorrectable ECC error"),
            std::string::npos);
  EXPECT_EQ(worker(cluster).at("state"), "set aside");
  EXPECT_NE(cluster.oodml({"show", "faults"}).out.find("no connected worker can run it: "), std::string::npos);
  cluster.worker("first").signal(SIGTERM);
  cluster.worker("first").wait();

  cluster.start_worker("first", 0, {.options = {"--devices", "1,0"}, .environment = gpus_.environment()});
  ASSERT_TRUE(is_aside(cluster, "GPU-a", "uncorrectable ECC")) << "kept through a restart";
  EXPECT_EQ(seen_until_done(cluster, 1).count("GPU-a"), 0u);
  EXPECT_EQ(cluster.table(), calm_table(faults_sweep(1)));
  cluster.worker("first").signal(SIGTERM);
  cluster.worker("first").wait();

  cluster.start_worker("first", 0,
                       {.options = {"--devices", "1,0", "--retry-devices"}, .environment = gpus_.environment()});
  EXPECT_TRUE(wait_until([&] { return aside(cluster, "GPU-a").empty(); }, 30s));
  cluster.stop();
  EXPECT_EQ(outcomes(cluster.database()).at(1), (Ends{"preempted", "succeeded"}));
}

TEST_F(GpusTest, AfterAnErrorOfCudaAGpuIsProbedAndOneThatDoesNotComputeWaitsForAPerson) {
  constexpr const char* kScript = R"({"seeds": {"0": [
    {"do": "fail", "at_step": 2, "message": "CUDA error: an illegal memory access was encountered"},
    {"do": "fail", "at_step": 6, "message": "CUDA error: an illegal memory access was encountered"}, "normal"]}})";
  Cluster cluster(folder_.path(), kScript);
  cluster.start_with(faults_sweep(1), 0, {.options = {"--devices", "GPU-a"}, .environment = gpus_.environment()});
  ASSERT_TRUE(wait_until([&] { return cluster.count({"backoff"}) == 1; }, 30s)) << cluster.worker_log("first");
  EXPECT_EQ(worker(cluster).at("state"), "ready") << "it computes: an error of the trial's own";

  gpus_[0].dead = true;
  gpus_.write();
  cluster.skip_backoff();
  ASSERT_TRUE(is_aside(cluster, "GPU-a", "is set aside since")) << cluster.worker_log("first");
  EXPECT_EQ(worker(cluster).at("state"), "set aside");

  gpus_[0].dead = false;
  gpus_.write();
  cluster.worker("first").signal(SIGUSR2);
  EXPECT_TRUE(cluster.all_succeed()) << cluster.worker_log("first");
  cluster.stop();
  EXPECT_EQ(outcomes(cluster.database()).at(1), (Ends{"infrastructure", "preempted", "succeeded"}));
}

TEST_F(GpusTest, EveryMigDeviceIsASlotWhateverGpusPerSlotSays) {
  gpus_[0].mig = {{.uuid = "MIG-1", .memory_mib = 10'000}, {.uuid = "MIG-2", .memory_mib = 10'000}};
  gpus_.write();
  Cluster cluster(folder_.path(), kSlow);
  cluster.start_with(faults_sweep(6), 0, {.options = {"--gpus-per-slot", "2"}, .environment = gpus_.environment()});
  EXPECT_EQ(seen_until_done(cluster, 6), (std::set<std::string>{"MIG-1", "MIG-2", "GPU-b,GPU-c"}));
  cluster.stop();
}

TEST_F(GpusTest, AJobOfSlurmUsesWhatItWasGiven) {
  auto environment = gpus_.environment();
  environment["SLURM_STEP_GPUS"] = "1";
  Cluster cluster(folder_.path(), kSlow);
  cluster.start_with(faults_sweep(2), 0, {.environment = environment});
  EXPECT_EQ(seen_until_done(cluster, 2), std::set<std::string>{"GPU-b"});
  cluster.stop();
}

}  // namespace
}  // namespace oodml::testing
