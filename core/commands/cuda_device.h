#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace oodml::commands {

struct CudaDevice {
  std::string model;
  std::int64_t memory_mib = 0;
};

/// CUDA device `index`; nullopt in a build without CUDA.
std::optional<CudaDevice> describe_cuda_device(int index);

}  // namespace oodml::commands
