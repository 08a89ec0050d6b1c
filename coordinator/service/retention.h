#pragma once

#include <cstdint>

#include "core/base/clock.h"

namespace oodml::coordinator {

/// What goes of trials that are over, and when. 0: never.
struct RetentionTerms {
  Duration events{};              ///< After it their events but the last words.
  Duration points{};              ///< After it their courses are thinned.
  std::int64_t kept_points = 24;  ///< To so many points of a course, beside those that results and reports read.
  Duration artifacts{};           ///< After it of their files best networks, results and logs alone are kept.
  Duration requests = std::chrono::hours(24 * 7);  ///< After it a call that is asked again counts as a new one.
};

}  // namespace oodml::coordinator
