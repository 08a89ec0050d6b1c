#include "worker/device_slots.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "core/job/limits.h"
#include "tests/support/fake_nvml/fake_gpus.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::worker {
namespace {

namespace fs = std::filesystem;
using testing::TemporaryFolder;

const std::vector<Device> kCpuOnly = {{"cpu", 8, 0}};
const std::vector<Device> kTwoGpus = {{"cpu", 32, 0}, {"cuda:0", 0, 80'000}, {"cuda:1", 0, 40'000}};

TEST(ParseProbeTest, ReadsDevices) {
  const auto devices =
      parse_probe(R"({"version":1,"devices":[{"name":"cpu","threads":8,"model":"AMD\nEPYC"},)"
                  R"({"name":"cuda:0","memory_mib":80994,"model":"NVIDIA H200"},{"name":"cuda:1","model":7}]})");
  ASSERT_TRUE(devices.has_value()) << devices.error().message();
  EXPECT_EQ(*devices,
            (std::vector<Device>{{"cpu", 8, 0, "AMDEPYC"}, {"cuda:0", 0, 80994, "NVIDIA H200"}, {"cuda:1", 0, 0, ""}}));
}

TEST(ParseProbeTest, SkipsWarningsOfLibrariesBeforeTheAnswer) {
  EXPECT_TRUE(parse_probe("warning: {nvml}\n{\"devices\": [\n{\"name\": \"cpu\"}]}\n").has_value());
}

TEST(ParseProbeTest, RefusesWhatIsNoAnswer) {
  EXPECT_FALSE(parse_probe("").has_value());
  EXPECT_FALSE(parse_probe("[]").has_value());
  EXPECT_FALSE(parse_probe(R"({"devices": [{"threads": 8}]})").has_value());
}

TEST(CheckDevicesTest, ADeviceOfTheSlotThatIsGoneIsNamed) {
  EXPECT_TRUE(check_devices({"cuda:0,cuda:1", "cuda:0,cuda:1", 1, 0}, kTwoGpus).ok());
  EXPECT_TRUE(check_devices({"cpu:3", "cpu", 1, 0}, kTwoGpus).ok());
  const Status gone = check_devices({"cuda:0", "cuda:0", 1, 0}, kCpuOnly);
  EXPECT_EQ(gone.message(), "device cuda:0 of slot cuda:0 is gone; the machine has cpu");
}

TEST(ExerciseGpusTest, AsksTheCoreToLetThemComputeAndNamesThoseThatDoNot) {
  const TemporaryFolder folder;
  const testing::FakeGpus gpus(folder / "gpus.json", {{.uuid = "GPU-a"}, {.uuid = "GPU-b", .dead = true}});
  ::setenv("OODML_FAKE_NVML", (folder / "gpus.json").c_str(), 1);
  const auto of = [](const std::vector<std::string>& uuids) {
    return exercise_gpus(OODML_SCRIPTED_TRIAL, std::chrono::seconds(60), uuids);
  };
  EXPECT_EQ(of({"GPU-a"}), Status());
  EXPECT_EQ(of({"GPU-a", "GPU-b"}).message(), "GPU GPU-b does not compute: CUDA error: unknown error");
  EXPECT_EQ(of({"GPU-a", "GPU-gone"}).message(), "of the GPUs GPU-a, GPU-gone CUDA shows 1");
  ::unsetenv("OODML_FAKE_NVML");
}

TEST(PlanSlotsTest, OneSlotWithAllThreadsWithoutAGpu) {
  EXPECT_EQ(plan_slots(kCpuOnly, {}).value(), (std::vector<job::Slot>{{"cpu:0", "cpu", 8, 0}}));
}

TEST(PlanSlotsTest, OneSlotAGpuWhichShareTheThreads) {
  EXPECT_EQ(plan_slots(kTwoGpus, {}).value(),
            (std::vector<job::Slot>{{"cuda:0", "cuda:0", 16, 80'000}, {"cuda:1", "cuda:1", 16, 40'000}}));
}

TEST(PlanSlotsTest, SeveralGpusASlotHaveTheSmallestsMemory) {
  EXPECT_EQ(
      plan_slots(kTwoGpus, {.cpu_slots = std::nullopt, .threads_per_slot = std::nullopt, .gpus_per_slot = 2}).value(),
      (std::vector<job::Slot>{{"cuda:0,cuda:1", "cuda:0,cuda:1", 32, 40'000}}));
}

TEST(PlanSlotsTest, SlotsKnowTheUuidsOfTheirGpusAndAMigDeviceIsAlone) {
  const auto gpu = [](const std::string& name, const std::string& uuid) {
    return Device{.name = name, .memory_mib = 80'000, .uuid = uuid};
  };
  const std::vector<Device> devices = {{"cpu", 8, 0},          gpu("cuda:0", "GPU-a"), gpu("cuda:1", "MIG-1"),
                                       gpu("cuda:2", "MIG-2"), gpu("cuda:3", "GPU-b"), gpu("cuda:4", "GPU-c")};
  const auto slots = plan_slots(devices, {.cpu_slots = std::nullopt, .threads_per_slot = 1, .gpus_per_slot = 2});
  std::vector<std::vector<std::string>> gpus;
  for (const job::Slot& slot : slots.value()) gpus.push_back(slot.gpus);
  EXPECT_EQ(gpus, (std::vector<std::vector<std::string>>{{"GPU-a"}, {"MIG-1"}, {"MIG-2"}, {"GPU-b", "GPU-c"}}));
  EXPECT_EQ(slots->back().device, "cuda:3,cuda:4");
}

TEST(PlanSlotsTest, ASlotIsOfTheMakeOfItsDevices) {
  const std::vector<Device> devices = {{"cpu", 8, 0, "EPYC"},
                                       {"cuda:0", 0, 80'000, "H200"},
                                       {"cuda:1", 0, 80'000, "H200"},
                                       {"cuda:2", 0, 40'000, "A100"},
                                       {"cuda:3", 0, 80'000, "H200"}};
  const auto slots = plan_slots(devices, {.cpu_slots = 1, .threads_per_slot = 1, .gpus_per_slot = 2});
  ASSERT_EQ(slots->size(), 3u);
  EXPECT_EQ(slots->at(0).model, "H200");
  EXPECT_EQ(slots->at(1).model, "") << "of two makes";
  EXPECT_EQ(slots->at(2).model, "EPYC");
}

TEST(PlanSlotsTest, GpusThatAreLeftOverMakeASmallerSlot) {
  auto three = kTwoGpus;
  three.push_back({"cuda:2", 0, 80'000});
  const auto slots = plan_slots(three, {.cpu_slots = std::nullopt, .threads_per_slot = 4, .gpus_per_slot = 2});
  EXPECT_EQ(slots.value(),
            (std::vector<job::Slot>{{"cuda:0,cuda:1", "cuda:0,cuda:1", 4, 40'000}, {"cuda:2", "cuda:2", 4, 80'000}}));
}

TEST(PlanSlotsTest, TheNameOfASlotOfManyGpusFitsTheWire) {
  std::vector<Device> many;
  for (int i = 0; i < 64; ++i) many.push_back({"cuda:" + std::to_string(i), 0, 80'000});
  const auto slots = plan_slots(many, {.cpu_slots = std::nullopt, .threads_per_slot = 1, .gpus_per_slot = 64});
  ASSERT_EQ(slots->size(), 1u);
  EXPECT_EQ(slots->front().name, "cuda:0 and 63 more");
  EXPECT_TRUE(slots->front().device.ends_with(",cuda:62,cuda:63"));
  EXPECT_LE(slots->front().device.size(), job::kMaxDevicesBytes);
}

TEST(PlanSlotsTest, CpuSlotsAsWishedFor) {
  EXPECT_EQ(plan_slots(kCpuOnly, {.cpu_slots = 2, .threads_per_slot = 3}).value(),
            (std::vector<job::Slot>{{"cpu:0", "cpu", 3, 0}, {"cpu:1", "cpu", 3, 0}}));
  EXPECT_EQ(plan_slots(kTwoGpus, {.cpu_slots = 1, .threads_per_slot = std::nullopt})->size(), 3u);
  EXPECT_EQ(plan_slots(kCpuOnly, {.cpu_slots = 100, .threads_per_slot = std::nullopt})->front().threads, 1)
      << "never less than one";
}

TEST(PlanSlotsTest, RefusesAWorkerWithoutSlots) {
  EXPECT_EQ(plan_slots(kCpuOnly, {.cpu_slots = 0, .threads_per_slot = std::nullopt}).error().code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(plan_slots(kCpuOnly, {.cpu_slots = 1, .threads_per_slot = 0}).error().code(), StatusCode::kInvalidArgument);
  const SlotWishes no_gpus = {.cpu_slots = std::nullopt, .threads_per_slot = std::nullopt, .gpus_per_slot = 0};
  EXPECT_EQ(plan_slots(kTwoGpus, no_gpus).error().code(), StatusCode::kInvalidArgument);
}

TEST(ProbeDevicesTest, AsksTheCore) {
  const auto devices = probe_devices(OODML_SCRIPTED_TRIAL, std::chrono::seconds(60));
  ASSERT_TRUE(devices.has_value()) << devices.error().message();
  EXPECT_EQ(devices->front().name, "cpu");
}

fs::path shell_script(const TemporaryFolder& folder, const std::string& text) {
  const fs::path path = folder / "core.sh";
  testing::write_text(path, "#!/bin/sh\n" + text + "\n");
  fs::permissions(path, fs::perms::owner_all);
  return path;
}

TEST(ProbeDevicesTest, SaysHowACoreFailed) {
  TemporaryFolder folder;
  const auto failed = probe_devices(shell_script(folder, "echo no libcuda; exit 3"), std::chrono::seconds(60));
  ASSERT_FALSE(failed.has_value());
  EXPECT_NE(failed.error().message().find("exit code 3: no libcuda"), std::string::npos) << failed.error().message();
  EXPECT_FALSE(probe_devices("/no/such/core", std::chrono::seconds(60)).has_value());
}

TEST(ProbeDevicesTest, NeedsNoFolderForTemporaryFiles) {
  const TemporaryFolder folder;
  testing::write_text(folder / "file", "no folder");
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  for (const std::string& place :
       {std::string("/no/such/folder"), (folder / "file").string(), std::string("/dev/full")}) {
    ::setenv("TMPDIR", place.c_str(), 1);
    const auto devices = probe_devices(OODML_SCRIPTED_TRIAL, std::chrono::seconds(60));
    EXPECT_TRUE(devices.has_value()) << place << ": " << devices.error().message();
  }
  kept.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", kept.c_str(), 1);
}

TEST(ProbeDevicesTest, DoesNotWaitForEver) {
  TemporaryFolder folder;
  const auto hung = probe_devices(shell_script(folder, "sleep 1000"), std::chrono::milliseconds(50));
  ASSERT_FALSE(hung.has_value());
  EXPECT_EQ(hung.error().code(), StatusCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace oodml::worker
