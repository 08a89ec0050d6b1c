#pragma once

#include <sys/types.h>

namespace oodml::testing {

/// What the kernel says of a running process.
struct ProcessStatus {
  int threads = 0;
  long memory_mib = 0, peak_memory_mib = 0;  ///< Resident.
};

ProcessStatus status_of(pid_t pid);

}  // namespace oodml::testing
