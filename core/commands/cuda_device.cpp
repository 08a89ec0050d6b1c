#include "core/commands/cuda_device.h"

#ifdef OODML_HAS_CUDA
#include <ATen/cuda/CUDAContext.h>
#endif

namespace oodml::commands {

#ifdef OODML_HAS_CUDA
std::optional<CudaDevice> describe_cuda_device(int index) {
  const cudaDeviceProp* properties = at::cuda::getDeviceProperties(static_cast<c10::DeviceIndex>(index));
  return CudaDevice{properties->name, static_cast<std::int64_t>(properties->totalGlobalMem >> 20)};
}
#else
std::optional<CudaDevice> describe_cuda_device(int) { return std::nullopt; }
#endif

}  // namespace oodml::commands
