#include "core/commands/loading_threads.h"

#include <algorithm>
#include <thread>

namespace oodml::commands {

std::int64_t loading_threads() { return std::clamp<std::int64_t>(std::thread::hardware_concurrency(), 1, 16); }

}  // namespace oodml::commands
