#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/service/sweep_views.h"
#include "coordinator/service/trial_views.h"
#include "core/job/sweep_plan.h"

namespace oodml::coordinator {

struct SweepDetail {
  SweepView sweep;
  std::vector<TrialView> trials;
  std::int64_t next_after = 0;
  std::string yaml;
  std::vector<job::AxisCount> axes;
};

}  // namespace oodml::coordinator
