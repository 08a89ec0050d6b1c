#pragma once

#include <string_view>

namespace oodml::worker {

/// What the text of a failure tells of the GPU it happened on.
enum class GpuFault {
  kNone,      ///< Nothing.
  kDoubtful,  ///< An error of CUDA that a program's own bug can cause as well.
  kBroken,    ///< No program can cause it.
};

/// By the words of CUDA, the driver and LibTorch, in the message of a trial of ours or the output of a program.
GpuFault gpu_fault_in(std::string_view text);

}  // namespace oodml::worker
