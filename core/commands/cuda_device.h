#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace oodml::commands {

struct CudaDevice {
  std::string model;
  std::int64_t memory_mib = 0;
  std::string uuid;  ///< GPU-8f4c2b1a-..., of a MIG device that of its card.
};

/// CUDA device `index`; nullopt in a build without CUDA.
std::optional<CudaDevice> describe_cuda_device(int index);

}  // namespace oodml::commands
