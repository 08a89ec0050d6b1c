#pragma once

#include <cstdint>

#include "coordinator/service/sweep_views.h"

namespace oodml::coordinator {

enum class SweepChange {
  kCancel,
  kPause,              ///< What runs stops after its step with a checkpoint.
  kPauseAfterRunning,  ///< What runs goes on to its end.
  kResume,
  kRetry
};

struct ChangeView {
  std::int64_t changed = 0;
  SweepView sweep;
};

}  // namespace oodml::coordinator
