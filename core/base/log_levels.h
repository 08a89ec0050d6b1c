#pragma once

#include <string>

namespace oodml {

/// What --log-level of every daemon takes, for help texts.
inline constexpr const char* kLogLevels = "trace, debug, info, warning (or warn), error";

/// Makes `level` one of spdlog's names; "" or what is wrong with it, as CLI11 asks of a validator.
std::string check_log_level(std::string& level);

}  // namespace oodml
