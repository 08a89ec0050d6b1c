#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oodml::catalogue {

/// "; did you mean 'margin'?" where a known word is near to `word` (catalogue::nearest), else "". For the end of a message.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace oodml::catalogue
