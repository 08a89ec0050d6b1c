#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "worker/device_slots.h"
#include "worker/devices/gpu.h"

namespace oodml::worker {

/// What a worker may use of its machine.
struct MachineDevices {
  std::vector<Device> devices;          ///< The CPU and GPUs, these with UUIDs where the driver's library tells them.
  std::unique_ptr<GpuMonitor> monitor;  ///< nullptr: without that library, or without GPUs.
  std::vector<std::string> warnings;
};

/// How that is found out.
struct DeviceSources {
  Result<std::unique_ptr<GpuMonitor>> nvml;
  /// What CUDA shows under this CUDA_VISIBLE_DEVICES; nullopt: as this process has it.
  std::function<Result<std::vector<Device>>(const std::optional<std::string>& visible)> probe;
  std::function<std::optional<std::string>(const char*)> environment;
};

/// GPUs that this process was given (given_gpus) and --devices (`chosen`) names, as far as CUDA shows them too. Without
/// NVML, what CUDA shows, of which `chosen` can name numbers.
Result<MachineDevices> find_devices(DeviceSources sources, const std::string& chosen);

}  // namespace oodml::worker
