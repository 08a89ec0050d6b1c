#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/service/estimate.h"
#include "coordinator/service/sweep_views.h"
#include "coordinator/service/trial_views.h"
#include "core/job/sweep_plan.h"

namespace oodml::coordinator {

struct SweepDetail {
  SweepView sweep;
  std::vector<TrialView> trials;
  std::int64_t next_after = 0;
  std::string yaml;
  std::vector<job::AxisCount> axes;  ///< With the first page only, as is what follows.
  Estimate estimate;                 ///< Of the trials that are not over.
};

}  // namespace oodml::coordinator
