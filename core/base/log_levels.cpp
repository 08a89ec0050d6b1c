#include "core/base/log_levels.h"

#include <algorithm>
#include <array>

#include "core/base/printable.h"

namespace oodml {

std::string check_log_level(std::string& level) {
  constexpr std::array kNames = {"trace", "debug", "info", "warning", "error"};
  if (level == "warn") level = "warning";
  const bool known = std::ranges::any_of(kNames, [&](const char* name) { return level == name; });
  return known ? "" : "'" + printable(level) + "' is no log level; " + kLogLevels + " wanted";
}

}  // namespace oodml
