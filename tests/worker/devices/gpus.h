#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "worker/devices/gpu.h"

namespace oodml::testing {

using worker::Gpu;

inline Gpu card(const std::string& uuid, int index, const std::string& model = "NVIDIA Fake 100") {
  return {.uuid = uuid, .card = uuid, .index = index, .model = model, .memory_mib = 80'000, .uncorrected = 0};
}

inline Gpu mig(const std::string& uuid, const std::string& of, int index) {
  return {.uuid = uuid, .card = of, .index = index, .model = "NVIDIA Fake 100 MIG 1g", .memory_mib = 10'000};
}

/// GPUs as the test holds them in its hand.
struct Machine {
  std::vector<Gpu> gpus;
  Status trouble;  ///< Why the driver does not tell; ok: it does.
};

class FakeMonitor final : public worker::GpuMonitor {
 public:
  explicit FakeMonitor(std::shared_ptr<Machine> machine) : machine_(std::move(machine)) {}
  Result<std::vector<Gpu>> read() override {
    if (!machine_->trouble.ok()) return failure(machine_->trouble);
    return machine_->gpus;
  }

 private:
  const std::shared_ptr<Machine> machine_;
};

}  // namespace oodml::testing
