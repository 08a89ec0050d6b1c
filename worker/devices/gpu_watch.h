#pragma once

#include <memory>

#include "core/base/clock.h"
#include "worker/devices/gpu_health.h"

namespace oodml::worker {

/// Looks at the GPUs every few seconds, on a thread of its own: the driver may take minutes, or never answer, where one
/// is about to fail. Safe from any thread.
class GpuWatch {
 public:
  explicit GpuWatch(std::shared_ptr<GpuHealth> health, Duration every = std::chrono::seconds(2));
  ~GpuWatch();  ///< Leaves a thread that hangs in the driver behind.
  GpuWatch(const GpuWatch&) = delete;
  GpuWatch& operator=(const GpuWatch&) = delete;

  GpuHealth& health() { return *health_; }
  /// Until a look that begins after this call has ended, at most so long: then the health knows of the silence.
  void look_now(Duration at_most = std::chrono::seconds(10));

 private:
  struct Shared;
  const std::shared_ptr<GpuHealth> health_;
  const std::shared_ptr<Shared> shared_;
};

}  // namespace oodml::worker
