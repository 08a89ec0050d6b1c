#pragma once

#include <chrono>
#include <string>

#include "worker/process_launcher.h"

namespace oodml::worker {

/// What a process writes to its pipe, until it has ended.
inline std::string read_all(Process& process) {
  std::string bytes;
  while (true) {
    const Process::Reading reading = process.read(std::chrono::milliseconds(1000));
    bytes += reading.bytes;
    if (reading.ended) return bytes;
  }
}

}  // namespace oodml::worker
