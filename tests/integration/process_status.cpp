#include "tests/integration/process_status.h"

#include <fstream>
#include <stdexcept>
#include <string>

namespace oodml::testing {

ProcessStatus status_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  ProcessStatus status;
  for (std::string line; std::getline(file, line);) {
    const auto number = [&](const std::string& name) {
      return line.starts_with(name) ? std::stol(line.substr(name.size())) : 0;
    };
    if (line.starts_with("Threads:")) status.threads = static_cast<int>(number("Threads:"));
    if (line.starts_with("VmRSS:")) status.memory_mib = number("VmRSS:") / 1024;
    if (line.starts_with("VmHWM:")) status.peak_memory_mib = number("VmHWM:") / 1024;
  }
  if (status.threads == 0) throw std::runtime_error("no process " + std::to_string(pid));
  return status;
}

}  // namespace oodml::testing
