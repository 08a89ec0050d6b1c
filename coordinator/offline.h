#pragma once

#include <optional>

#include "coordinator/main_options.h"

namespace oodml::coordinator {

/// --verify, --restore and --list-contents: what is done to a database file that nobody serves; --test-webhooks. Prints
/// what came of it; the exit code with which to end, or nullopt where none was asked for.
std::optional<int> work_offline(const Options& options);

}  // namespace oodml::coordinator
