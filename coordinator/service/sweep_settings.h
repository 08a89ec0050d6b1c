#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "coordinator/service/person.h"
#include "coordinator/service/sweep_views.h"

namespace oodml::coordinator {

/// What can be changed of a sweep while it runs; what is not given stays.
struct SweepSettings {
  SweepRef sweep;
  std::optional<std::int64_t> priority;      ///< Larger goes first.
  std::optional<std::int64_t> max_parallel;  ///< Trials at once; 0: no limit.
  std::optional<std::int64_t> max_failures;  ///< Failed trials with which it is paused; 0: never.
  std::string request_id;
  Person by;
};

}  // namespace oodml::coordinator
