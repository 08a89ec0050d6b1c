#include "core/commands/cuda_device.h"

#ifdef OODML_HAS_CUDA
#include <ATen/cuda/CUDAContext.h>

#include <cstdio>
#endif

namespace oodml::commands {

#ifdef OODML_HAS_CUDA
namespace {

/// As nvidia-smi writes it.
std::string uuid_text(const cudaUUID_t& uuid) {
  std::string text = "GPU-";
  for (int i = 0; i < 16; ++i) {
    char digits[4];
    std::snprintf(digits, sizeof(digits), "%02x", static_cast<unsigned char>(uuid.bytes[i]));
    text += (i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "") + std::string(digits);
  }
  return text;
}

}  // namespace

std::optional<CudaDevice> describe_cuda_device(int index) {
  const cudaDeviceProp* properties = at::cuda::getDeviceProperties(static_cast<c10::DeviceIndex>(index));
  return CudaDevice{properties->name, static_cast<std::int64_t>(properties->totalGlobalMem >> 20),
                    uuid_text(properties->uuid)};
}
#else
std::optional<CudaDevice> describe_cuda_device(int) { return std::nullopt; }
#endif

}  // namespace oodml::commands
