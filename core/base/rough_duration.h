#pragma once

#include <string>

namespace oodml {

/// How long something still takes, for a progress line: "47 s", "12 min", "3.5 h".
std::string rough_duration(double seconds);

}  // namespace oodml
