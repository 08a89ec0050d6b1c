#pragma once

#include <optional>
#include <string_view>

#include "core/base/clock.h"

namespace oodml {

/// What durations look like, for messages: with kLongestDuration as their end.
inline constexpr const char* kDurationForms = "seconds, or a number with s, m, h or d, as in 90s, 30m, 4h or 2d";
inline constexpr Duration kLongestDuration = std::chrono::days(36500);

/// "90", "1.5h", "2d" -> how long that is, 0 to kLongestDuration; nullopt: not one of kDurationForms.
std::optional<Duration> parse_duration(std::string_view text);

}  // namespace oodml
