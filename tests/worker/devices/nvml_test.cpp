#include "worker/devices/nvml.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "tests/support/fake_nvml/fake_gpus.h"
#include "tests/support/temporary_folder.h"

namespace oodml::worker {
namespace {

using testing::FakeGpu;
using testing::FakeGpus;

class NvmlTest : public ::testing::Test {
 protected:
  NvmlTest() {
    for (const auto& [name, value] : gpus_.environment()) {
      if (name == "OODML_FAKE_NVML") ::setenv(name.c_str(), value.c_str(), 1);
    }
  }
  ~NvmlTest() override { ::unsetenv("OODML_FAKE_NVML"); }
  std::vector<Gpu> read(GpuMonitor& nvml) {
    gpus_.write();
    return nvml.read().value();
  }

  testing::TemporaryFolder folder_;
  FakeGpus gpus_{folder_ / "gpus.json", {{.uuid = "GPU-a"}, {.uuid = "GPU-b"}}};
};

TEST_F(NvmlTest, TellsWhatEachCardIsAndHowItIsUsed) {
  gpus_[0].used_mib = 1500;
  gpus_[0].processes = {{4711, 900}, {4712, -1}};
  gpus_[1].uncorrected = std::nullopt;
  gpus_[1].repair_pending = true;
  const auto nvml = open_nvml(FakeGpus::library());
  ASSERT_TRUE(nvml.has_value()) << nvml.error().message();
  const std::vector<Gpu> found = read(**nvml);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0], (Gpu{.uuid = "GPU-a",
                           .card = "GPU-a",
                           .index = 0,
                           .model = "NVIDIA Fake 100",
                           .memory_mib = 80'000,
                           .used_mib = 1500,
                           .processes = {{4711, 900}, {4712, std::nullopt}},
                           .uncorrected = 0}));
  EXPECT_EQ(found[1].uncorrected, std::nullopt);
  EXPECT_TRUE(found[1].repair_pending);
}

TEST_F(NvmlTest, MigDevicesStandInPlaceOfTheirCard) {
  gpus_[0].mig = {{.uuid = "MIG-1", .model = "NVIDIA Fake 100 MIG 3g", .memory_mib = 40'000, .used_mib = 7},
                  {.uuid = "MIG-2", .memory_mib = 10'000}};
  const auto nvml = open_nvml(FakeGpus::library());
  const std::vector<Gpu> found = read(**nvml);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].uuid, "MIG-1");
  EXPECT_EQ(found[0].card, "GPU-a");
  EXPECT_TRUE(found[0].is_mig());
  EXPECT_EQ(found[0].model, "NVIDIA Fake 100 MIG 3g");
  EXPECT_EQ(found[0].memory_mib, 40'000);
  EXPECT_EQ(found[0].used_mib, 7);
  EXPECT_EQ(found[1].uuid, "MIG-2");
  EXPECT_FALSE(found[2].is_mig());
}

TEST_F(NvmlTest, ACardThatIsLostIsTheOneThatWasInItsPlace) {
  const auto nvml = open_nvml(FakeGpus::library());
  read(**nvml);
  gpus_[1].lost = true;
  const std::vector<Gpu> found = read(**nvml);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_FALSE(found[0].lost);
  EXPECT_EQ(found[1].uuid, "GPU-b");
  EXPECT_TRUE(found[1].lost);
}

TEST_F(NvmlTest, ManyProcessesAreAllTold) {
  for (int pid = 1; pid <= 300; ++pid) gpus_[0].processes.emplace_back(pid, 1);
  const auto nvml = open_nvml(FakeGpus::library());
  EXPECT_EQ(read(**nvml)[0].processes.size(), 300u);
}

TEST_F(NvmlTest, WithoutTheLibraryOrADriverThereIsNone) {
  EXPECT_EQ(open_nvml("libno-such-library.so.1").error().code(), StatusCode::kNotFound);
  ::setenv("OODML_FAKE_NVML", "/nowhere", 1);
  const auto without_driver = open_nvml(FakeGpus::library());
  EXPECT_EQ(without_driver.error().code(), StatusCode::kNotFound);
  EXPECT_NE(without_driver.error().message().find("Driver Not Loaded"), std::string::npos);
}

}  // namespace
}  // namespace oodml::worker
