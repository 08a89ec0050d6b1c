#include "core/job/lease.h"

#include <gtest/gtest.h>

namespace oodml::job {
namespace {

TrialSpec trial(const std::string& benchmark, const std::string& split, std::int64_t threads) {
  return {Params{{"benchmark", benchmark}, {"split", split}, {"seed", std::int64_t{0}}, {"cpu_threads", threads},
                 {"replicas", std::int64_t{1}}}};
}

WorkerInfo worker_with(std::vector<BenchmarkOnDisk> benchmarks) {
  return {.id = WorkerId{"w"}, .host = {}, .version = {}, .slots = {}, .benchmarks = std::move(benchmarks)};
}

const Slot kCpu{.name = "cpu:0", .device = "cpu", .threads = 2};

TEST(WhyNotTest, SaysWhatAWorkerLacks) {
  const WorkerInfo worker = worker_with({{"fashion_mnist", {"1", "2"}}});
  EXPECT_EQ(why_not(trial("fashion_mnist", "2", 1), worker, kCpu), "");
  EXPECT_EQ(why_not(trial("cub200", "2", 1), worker, kCpu), "no benchmark cub200 on disk (has fashion_mnist)");
  EXPECT_EQ(why_not(trial("fashion_mnist", "4", 1), worker, kCpu),
            "its split file of fashion_mnist has no split 4 (has 1, 2)");
  EXPECT_EQ(why_not(trial("fashion_mnist", "2", 4), worker, kCpu), "wants 4 CPU threads, slot cpu:0 has 2");
  EXPECT_EQ(why_not(trial("cub200", "2", 1), worker_with({}), kCpu), "no benchmark cub200 on disk (has none)");
}

TEST(WhyNotTest, TheBenchmarkThatIsTestedOnMustBeThereToo) {
  TrialSpec spec = trial("cub200", "default", 1);
  spec.values.set("test_benchmark", std::string("cars196"));
  EXPECT_EQ(why_not(spec, worker_with({{"cub200", {}}}), kCpu), "no benchmark cars196 on disk (has cub200)");
  EXPECT_EQ(why_not(spec, worker_with({{"cars196", {}}, {"cub200", {}}}), kCpu), "");
  spec.values.set("test_benchmark", std::string("none"));
  EXPECT_EQ(why_not(spec, worker_with({{"cub200", {}}}), kCpu), "");
}

TEST(WhyNotTest, TheDefaultSplitNeedsNoSplitFileAndADeviceHasItsOwnThreads) {
  const WorkerInfo worker = worker_with({{"cub200", {}}});
  EXPECT_EQ(why_not(trial("cub200", "default", 1), worker, kCpu), "");
  EXPECT_EQ(why_not(trial("cub200", "default", 64), worker, {.name = "cuda:0", .device = "cuda:0"}), "");
}

TEST(WhyNotTest, ReplicasWantAGpuEachOrTheThreadsOfAllOnACpu) {
  const WorkerInfo worker = worker_with({{"cub200", {}}});
  TrialSpec wide = trial("cub200", "default", 2);
  wide.values.set("replicas", std::int64_t{2});
  const Slot two_gpus{.name = "cuda:0,cuda:1", .device = "cuda:0,cuda:1"}, one_gpu{.name = "cuda:2", .device = "cuda:2"};
  EXPECT_EQ(why_not(wide, worker, two_gpus), "");
  EXPECT_EQ(why_not(wide, worker, one_gpu), "wants 2 GPUs for its replicas, slot cuda:2 has 1");
  EXPECT_EQ(why_not(wide, worker, kCpu), "wants 4 CPU threads, slot cpu:0 has 2");
  EXPECT_EQ(why_not(wide, worker, {.name = "cpu:0", .device = "cpu", .threads = 4}), "");
}

}  // namespace
}  // namespace oodml::job
