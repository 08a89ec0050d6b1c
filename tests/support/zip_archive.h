#pragma once

#include <string>
#include <utility>
#include <vector>

namespace oodml::testing {

/// A zip archive of (name, content).
std::string zip(const std::vector<std::pair<std::string, std::string>>& members, bool deflated);

}  // namespace oodml::testing
