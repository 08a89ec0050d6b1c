#include "core/base/rough_duration.h"

#include <cstdio>

namespace oodml {

std::string rough_duration(double seconds) {
  const auto text = [](const char* form, double value) {
    char buffer[400];  // a double has at most 309 digits before the point
    std::snprintf(buffer, sizeof(buffer), form, value);
    return std::string(buffer);
  };
  if (seconds < 99.5) return text("%.0f s", seconds);
  if (seconds < 5400) return text("%.0f min", seconds / 60);
  return text("%.1f h", seconds / 3600);
}

}  // namespace oodml
