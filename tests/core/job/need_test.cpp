#include "core/job/need.h"

#include <gtest/gtest.h>

namespace oodml::job {
namespace {

Need need(const std::string& benchmark, const std::string& split, std::int64_t threads) {
  return {.benchmark = benchmark, .split = split, .cpu_threads = threads};
}

WorkerInfo worker_with(std::vector<BenchmarkOnDisk> benchmarks, std::vector<std::string> weights = {}) {
  return {.id = WorkerId{"w"}, .benchmarks = std::move(benchmarks), .weights = std::move(weights)};
}

const Slot kCpu{.name = "cpu:0", .device = "cpu", .threads = 2};

TEST(WhyNotTest, SaysWhatAWorkerLacks) {
  const WorkerInfo worker = worker_with({{"fashion_mnist", {"1", "2"}}});
  EXPECT_EQ(why_not(need("fashion_mnist", "2", 1), worker, kCpu), "");
  EXPECT_EQ(why_not(need("cub200", "2", 1), worker, kCpu), "no benchmark cub200 on disk (has fashion_mnist)");
  EXPECT_EQ(why_not(need("fashion_mnist", "4", 1), worker, kCpu),
            "its split file of fashion_mnist has no split 4 (has 1, 2)");
  EXPECT_EQ(why_not(need("fashion_mnist", "2", 4), worker, kCpu), "wants 4 CPU threads, slot cpu:0 has 2");
  EXPECT_EQ(why_not(need("cub200", "2", 1), worker_with({}), kCpu), "no benchmark cub200 on disk (has none)");
}

TEST(WhyNotTest, CodeThatTravelsAndCodeThatLiesOnWorkersWantOtherWorkers) {
  Need coded = need("cub200", "default", 1);
  WorkerInfo worker = worker_with({{"cub200", {}}});
  const auto said = [&](Scripts scripts) {
    coded.scripts = scripts;
    return why_not(coded, worker, kCpu);
  };
  for (const Scripts scripts : {Scripts::kOnWorker, Scripts::kTravel}) {
    EXPECT_EQ(said(scripts), "it runs no scripts (started without --allow-scripts)");
  }
  worker.fetches_scripts = true;
  EXPECT_EQ(said(Scripts::kTravel), "");
  EXPECT_EQ(said(Scripts::kOnWorker),
            "it has no folder of scripts (--allow-scripts DIR), and those of this trial did not travel with its sweep");
  worker.runs_scripts = true;
  EXPECT_EQ(said(Scripts::kOnWorker), "");
  worker.fetches_scripts = false;
  EXPECT_EQ(said(Scripts::kTravel),
            "it runs scripts of its own folder alone, and is too old to fetch those that travel with a sweep");
  EXPECT_EQ(said(Scripts::kNone), "");
}

TEST(WhyNotTest, TheBenchmarkThatIsTestedOnMustBeThereTooButNoSplitOfIt) {
  Need tested = need("cub200", "default", 1);
  tested.test_benchmark = "cars196";
  EXPECT_EQ(why_not(tested, worker_with({{"cub200", {}}}), kCpu), "no benchmark cars196 on disk (has cub200)");
  EXPECT_EQ(why_not(tested, worker_with({{"cars196", {}}, {"cub200", {}}}), kCpu), "");
}

TEST(WhyNotTest, InitialWeightsMustBeThere) {
  Need pretrained = need("cub200", "default", 1);
  pretrained.weights = "resnet50-imagenet";
  EXPECT_EQ(why_not(pretrained, worker_with({{"cub200", {}}}, {"bit-imagenet", "resnet50-mine"}), kCpu),
            "no weights resnet50-imagenet below its weights root (has bit-imagenet, resnet50-mine)");
  EXPECT_EQ(why_not(pretrained, worker_with({{"cub200", {}}}), kCpu),
            "no weights resnet50-imagenet below its weights root (has none)");
  EXPECT_EQ(why_not(pretrained, worker_with({{"cub200", {}}}, {"resnet50-imagenet"}), kCpu), "");
}

TEST(WhyNotTest, TheDefaultSplitNeedsNoSplitFileAndADeviceHasItsOwnThreads) {
  const WorkerInfo worker = worker_with({{"cub200", {}}});
  EXPECT_EQ(why_not(need("cub200", "default", 1), worker, kCpu), "");
  EXPECT_EQ(why_not(need("cub200", "default", 64), worker, {.name = "cuda:0", .device = "cuda:0"}), "");
}

TEST(WhyNotTest, ReplicasWantAGpuEachOrTheThreadsOfAllOnACpu) {
  const WorkerInfo worker = worker_with({{"cub200", {}}});
  Need wide = need("cub200", "default", 2);
  wide.replicas = 2;
  const Slot two_gpus{.name = "cuda:0,cuda:1", .device = "cuda:0,cuda:1"},
      one_gpu{.name = "cuda:2", .device = "cuda:2"};
  EXPECT_EQ(why_not(wide, worker, two_gpus), "");
  EXPECT_EQ(why_not(wide, worker, one_gpu), "wants 2 GPUs for its replicas, slot cuda:2 has 1");
  EXPECT_EQ(why_not(wide, worker, kCpu), "wants 4 CPU threads, slot cpu:0 has 2");
  EXPECT_EQ(why_not(wide, worker, {.name = "cpu:0", .device = "cpu", .threads = 4}), "");
}

TEST(WhyNotTest, ASlotThatIsSetAsideTakesNone) {
  const WorkerInfo worker = worker_with({{"cub200", {}}});
  const Slot used{.name = "cuda:0", .device = "cuda:0", .set_aside = "GPU-a is used by others"};
  EXPECT_EQ(why_not(need("cub200", "default", 1), worker, used), "slot cuda:0 takes no trial: GPU-a is used by others");
}

TEST(WhyNotTest, MemoryIsAskedOfGpusThatSayHowMuchTheyHave) {
  const WorkerInfo worker = worker_with({{"cub200", {}}});
  Need large = need("cub200", "default", 1);
  large.gpu_memory_mib = 40'000;
  EXPECT_EQ(why_not(large, worker, {.name = "cuda:0", .device = "cuda:0", .memory_mib = 24'576}),
            "wants 40000 MiB of GPU memory, slot cuda:0 has 24576");
  EXPECT_EQ(why_not(large, worker, {.name = "cuda:0", .device = "cuda:0", .memory_mib = 40'000}), "");
  EXPECT_EQ(why_not(large, worker, {.name = "cuda:0", .device = "cuda:0", .memory_mib = 0}), "") << "unknown";
  EXPECT_EQ(why_not(large, worker, kCpu), "");
}

}  // namespace
}  // namespace oodml::job
