#include "worker/devices/gpu_faults.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace oodml::worker {
namespace {

/// cudaErrorECCUncorrectable (214), NvlinkUncorrectable (220), HardwareStackError (714), LaunchFailure (719),
/// Contained (721), and what the driver says of a card that is gone. A launch fails so when a kernel dies without
/// another reason; ours do not.
constexpr std::array<std::string_view, 8> kBrokenWords = {
    "uncorrectable ecc", "uncorrectable nvlink", "hardware stack error", "unspecified launch failure",
    "gpu is lost",       "fallen off the bus",   "contained error",      "device lost"};

/// The others begin with these, whatever their number.
constexpr std::array<std::string_view, 12> kDoubtfulWords = {
    "cuda error",         "cuda driver error", "cuda runtime error", "cuda initialization", "an illegal memory access",
    "misaligned address", "cudnn_status_",     "cudnn error",        "cublas_status_",      "cusolver_status_",
    "nccl error",         "no device 'cuda"};

/// Errors of CUDA that are the trial's, or a shortage.
constexpr std::array<std::string_view, 4> kHarmlessWords = {"out of memory", "device-side assert", "invalid argument",
                                                            "alloc_failed"};

bool holds(const std::string& text, const auto& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != text.npos; });
}

}  // namespace

GpuFault gpu_fault_in(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (holds(lower, kBrokenWords)) return GpuFault::kBroken;
  if (!holds(lower, kDoubtfulWords) || holds(lower, kHarmlessWords)) return GpuFault::kNone;
  return GpuFault::kDoubtful;
}

}  // namespace oodml::worker
