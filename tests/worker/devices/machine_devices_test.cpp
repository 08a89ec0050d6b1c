#include "worker/devices/machine_devices.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "tests/worker/devices/gpus.h"

namespace oodml::worker {
namespace {

using testing::card;
using testing::mig;

/// A machine with a CUDA that keeps to its rules.
class MachineDevicesTest : public ::testing::Test {
 protected:
  Result<MachineDevices> find(const std::string& chosen = "") {
    Result<std::unique_ptr<GpuMonitor>> nvml = not_found("no NVML");
    if (has_nvml_) nvml = std::make_unique<testing::FakeMonitor>(machine_);
    return find_devices({.nvml = std::move(nvml),
                         .probe = [this](const auto& visible) { return probe(visible); },
                         .environment = [this](const char* name) -> std::optional<std::string> {
                           const auto found = environment_.find(name);
                           if (found == environment_.end()) return std::nullopt;
                           return found->second;
                         }},
                        chosen);
  }
  /// "cuda:0=GPU-a cuda:1=GPU-b"
  std::string found(const std::string& chosen = "") {
    std::string text;
    const auto devices = find(chosen);
    if (!devices.has_value()) return devices.error().message();
    for (const Device& device : devices->devices) {
      if (device.name == "cpu") continue;
      text += (text.empty() ? "" : " ") + device.name + (device.uuid.empty() ? "" : "=" + device.uuid);
    }
    return text;
  }
  Result<std::vector<Device>> probe(const std::optional<std::string>& visible) {
    asked_.push_back(visible.value_or("as it is"));
    std::vector<Device> devices = {{"cpu", 8, 0}};
    std::istringstream entries(visible.value_or("GPU-a,GPU-b"));
    for (std::string entry; std::getline(entries, entry, ',');) {
      const auto named = std::ranges::find_if(by_cuda_, [&](const std::string& uuid) {
        return uuid == entry || std::to_string(&uuid - by_cuda_.data()) == entry;
      });
      if (named == by_cuda_.end()) break;
      devices.push_back({"cuda:" + std::to_string(devices.size() - 1), 0, 80'000, "by CUDA", *named});
      if (!visible) devices.back().uuid.clear();
    }
    return devices;
  }

  bool has_nvml_ = true;
  std::vector<std::string> by_cuda_ = {"GPU-a", "GPU-b", "GPU-c", "MIG-1", "MIG-2"};
  std::shared_ptr<testing::Machine> machine_ =
      std::make_shared<testing::Machine>(testing::Machine{{card("GPU-a", 0), card("GPU-b", 1), card("GPU-c", 2)}, {}});
  std::map<std::string, std::string> environment_;
  std::vector<std::string> asked_;
};

TEST_F(MachineDevicesTest, GpusAreKnownByTheirUuids) {
  EXPECT_EQ(found(), "cuda:0=GPU-a cuda:1=GPU-b cuda:2=GPU-c");
  EXPECT_EQ(asked_, std::vector<std::string>{"GPU-a,GPU-b,GPU-c"});
  EXPECT_NE(find()->monitor, nullptr);
  environment_["CUDA_VISIBLE_DEVICES"] = "2,0";
  EXPECT_EQ(found(), "cuda:0=GPU-c cuda:1=GPU-a");
  EXPECT_EQ(found("1"), "cuda:0=GPU-a") << "numbers count what was given";
  EXPECT_NE(found("2").find("'2' names no GPU"), std::string::npos);
}

TEST_F(MachineDevicesTest, WithoutTheDriversLibraryThereIsWhatCudaShows) {
  has_nvml_ = false;
  EXPECT_EQ(found(), "cuda:0 cuda:1");
  EXPECT_EQ(asked_, std::vector<std::string>{"as it is"});
  EXPECT_EQ(found("1"), "cuda:1") << "which keeps its number, as trials see all";
  EXPECT_EQ(find()->monitor, nullptr);
}

TEST_F(MachineDevicesTest, WithoutTheDriversLibrarySlurmsNumbersMeanNoGpuAndThatIsSaidWhereItMatters) {
  has_nvml_ = false;
  environment_["SLURM_JOB_GPUS"] = "1";
  EXPECT_EQ(found(), "cuda:0 cuda:1");
  const auto warnings = [&](const std::string& chosen = "") { return find(chosen)->warnings; };
  EXPECT_EQ(warnings(),
            std::vector<std::string>{"CUDA shows 2 GPUs and Slurm gave this job 1 (SLURM_JOB_GPUS=1), which "
                                     "without libnvidia-ml.so.1 cannot be told from the others: all are "
                                     "used; set CUDA_VISIBLE_DEVICES"});
  EXPECT_EQ(warnings("1"), std::vector<std::string>());
  environment_["SLURM_STEP_GPUS"] = "2,3";
  EXPECT_EQ(warnings(), std::vector<std::string>()) << "cgroups hide the others";
  environment_["SLURM_STEP_GPUS"] = "3";
  environment_["CUDA_VISIBLE_DEVICES"] = "0,1";
  EXPECT_EQ(warnings(), std::vector<std::string>()) << "whoever set it decides";
}

TEST_F(MachineDevicesTest, EveryMigDeviceIsOneAlthoughCudaShowsTheFirstAlone) {
  machine_->gpus = {mig("MIG-1", "GPU-z", 0), mig("MIG-2", "GPU-z", 0), card("GPU-a", 1)};
  EXPECT_EQ(found(), "cuda:0=MIG-1 cuda:1=MIG-2 cuda:2=GPU-a");
  EXPECT_EQ(asked_, std::vector<std::string>{"GPU-a"});
  asked_.clear();
  machine_->gpus.pop_back();
  EXPECT_EQ(found(), "cuda:0=MIG-1 cuda:1=MIG-2");
  EXPECT_EQ(asked_, std::vector<std::string>{"MIG-1"});
  EXPECT_EQ(find()->devices.back().memory_mib, 10'000);
}

TEST_F(MachineDevicesTest, OneThatCudaDoesNotKnowHidesNoOther) {
  by_cuda_ = {"GPU-a", "GPU-c"};
  EXPECT_EQ(found(), "cuda:0=GPU-a cuda:1=GPU-c");
  EXPECT_EQ(find()->warnings, std::vector<std::string>{"CUDA does not show GPU GPU-b, which is left out"});
}

TEST_F(MachineDevicesTest, ACoreWithoutCudaHasNone) {
  by_cuda_.clear();
  EXPECT_EQ(found(), "");
  EXPECT_NE(find()->warnings.at(0).find("is the core built with CUDA?"), std::string::npos);
}

TEST_F(MachineDevicesTest, NumbersOfGpusOfSeveralMakesCountInCudasOrder) {
  machine_->gpus[0].model = "slow";
  by_cuda_ = {"GPU-b", "GPU-c", "GPU-a"};
  environment_["CUDA_VISIBLE_DEVICES"] = "0";
  EXPECT_EQ(found(), "cuda:0=GPU-b");
  EXPECT_EQ(asked_, (std::vector<std::string>{"0,1,2", "GPU-b"}));
  environment_["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
  EXPECT_EQ(found(), "cuda:0=GPU-a");
}

TEST_F(MachineDevicesTest, NoneWereGiven) {
  environment_["CUDA_VISIBLE_DEVICES"] = "";
  EXPECT_EQ(found(), "");
  EXPECT_EQ(find()->devices.size(), 1u) << "the CPU is there";
}

}  // namespace
}  // namespace oodml::worker
