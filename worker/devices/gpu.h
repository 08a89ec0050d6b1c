#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace oodml::worker {

/// A process that computes on a GPU.
struct GpuProcess {
  pid_t pid = 0;
  std::optional<std::int64_t> memory_mib;  ///< nullopt: the driver does not tell.
  friend bool operator==(const GpuProcess&, const GpuProcess&) = default;
};

/// What a process can be given of a machine's GPUs, as the driver sees it now: a card, or a MIG device, which is a part
/// of one.
struct Gpu {
  std::string uuid;   ///< GPU-8f4c..., MIG-51c2...
  std::string card;   ///< UUID of the card; of one that is not divided, the same.
  int index = 0;      ///< Of the card, in the order of the PCI bus.
  std::string model;  ///< NVIDIA H200
  std::int64_t memory_mib = 0;
  std::int64_t used_mib = 0;  ///< By all processes, not by the driver itself.
  std::vector<GpuProcess> processes;
  std::optional<std::int64_t> uncorrected;  ///< Memory errors that ECC could not mend, since the driver was loaded.
  bool repair_pending = false;              ///< Damaged memory is replaced at the next reset.
  bool lost = false;                        ///< It has fallen off the bus.
  bool is_mig() const { return uuid != card; }
  friend bool operator==(const Gpu&, const Gpu&) = default;
};

/// The GPUs of this machine.
class GpuMonitor {
 public:
  virtual ~GpuMonitor() = default;
  /// In the order of the PCI bus, MIG devices in place of their card. From any thread; may take long where a GPU is
  /// about to fail.
  virtual Result<std::vector<Gpu>> read() = 0;
};

}  // namespace oodml::worker
