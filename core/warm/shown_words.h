#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace oodml::warm {

/// From now on /proc/self/cmdline and /proc/self/environ hold these. Fails where the kernel does not let a process say
/// so (built without CONFIG_CHECKPOINT_RESTORE, some sandboxes). The texts stay in memory for good.
Status show_words(const std::vector<std::string>& command_line, const std::vector<std::string>& environment);

}  // namespace oodml::warm
