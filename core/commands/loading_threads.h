#pragma once

#include <cstdint>

namespace oodml::commands {

/// Threads that load images where nobody says how many: those of the machine, at most 16.
std::int64_t loading_threads();

}  // namespace oodml::commands
