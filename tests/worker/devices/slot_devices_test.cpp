#include "worker/devices/slot_devices.h"

#include <gtest/gtest.h>

namespace oodml::worker {
namespace {

TEST(SlotDevicesTest, ATrialSeesItsSlotsGpusAloneByTheirUuids) {
  const job::Slot two{.name = "x", .device = "cuda:4,cuda:6", .gpus = {"GPU-e", "GPU-g"}};
  EXPECT_EQ(visible_to(two), "GPU-e,GPU-g");
  EXPECT_EQ(devices_seen(two), "cuda:0,cuda:1");
  EXPECT_EQ(device_of(two, "cuda:0,cuda:1"), "cuda:4,cuda:6");
  EXPECT_EQ(device_of(two, "cuda:1"), "cuda:6");
  EXPECT_EQ(device_of(two, "cpu"), "cpu");
  EXPECT_EQ(device_of(two, "cuda:9"), "cuda:9") << "whatever it says";
}

TEST(SlotDevicesTest, WithoutUuidsItSeesWhatTheWorkerSees) {
  const job::Slot unknown{.name = "cuda:1", .device = "cuda:1"};
  EXPECT_EQ(visible_to(unknown), std::nullopt);
  EXPECT_EQ(devices_seen(unknown), "cuda:1");
  EXPECT_EQ(device_of(unknown, "cuda:1"), "cuda:1");
  EXPECT_EQ(visible_to({.name = "cpu:0", .device = "cpu"}), "");
}

}  // namespace
}  // namespace oodml::worker
