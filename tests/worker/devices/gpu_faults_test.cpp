#include "worker/devices/gpu_faults.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace oodml::worker {
namespace {

TEST(GpuFaultTest, IsToldByTheWordsOfCudaAndItsLibraries) {
  using enum GpuFault;
  const std::vector<std::pair<const char*, GpuFault>> table = {
      {"CUDA error: uncorrectable ECC error encountered", kBroken},
      {"CUDA error: unspecified launch failure", kBroken},
      {"Unable to determine the device handle: GPU is lost. Reboot the system", kBroken},
      {"RuntimeError: CUDA error: hardware stack error", kBroken},
      {"CUDA error: an illegal memory access was encountered", kDoubtful},
      {"CUDA error: misaligned address", kDoubtful},
      {"CUDA error: unknown error", kDoubtful},
      {"CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm`", kDoubtful},
      {"CUDNN_STATUS_INTERNAL_ERROR", kDoubtful},
      {"no device 'cuda:0' on this machine; it has cpu", kDoubtful},
      {"CUDA out of memory. Tried to allocate 2.00 GiB", kNone},
      {"CUDA error: out of memory", kNone},
      {"CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", kNone},
      {"CUDA error: device-side assert triggered", kNone},
      {"no such folder /data/birds", kNone},
      {"", kNone},
  };
  for (const auto& [text, fault] : table) EXPECT_EQ(gpu_fault_in(text), fault) << text;
}

}  // namespace
}  // namespace oodml::worker
