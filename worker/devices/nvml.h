#pragma once

#include <memory>
#include <string>

#include "worker/devices/gpu.h"

namespace oodml::worker {

/// NVIDIA's management library as it lies beside the driver: nothing of it is needed to build, and of its functions
/// only count, handle and UUID have to be there. kNotFound where there is no such library, or no driver for it.
Result<std::unique_ptr<GpuMonitor>> open_nvml(const std::string& library = "libnvidia-ml.so.1");

}  // namespace oodml::worker
