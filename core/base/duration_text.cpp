#include "core/base/duration_text.h"

#include <charconv>
#include <cmath>

namespace oodml {
namespace {

std::optional<double> seconds_of(std::string_view unit) {
  if (unit.empty() || unit == "s") return 1;
  if (unit == "m") return 60;
  if (unit == "h") return 3600;
  if (unit == "d") return 86400;
  return std::nullopt;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || !std::isfinite(number)) return std::nullopt;
  const auto unit = seconds_of({read.ptr, static_cast<std::size_t>(end - read.ptr)});
  if (!unit) return std::nullopt;
  const double millis = number * *unit * 1000;
  if (millis < 0 || millis > static_cast<double>(kLongestDuration.count())) return std::nullopt;
  return Duration(static_cast<std::int64_t>(millis));
}

}  // namespace oodml
