#pragma once

#include <CLI/CLI.hpp>

#include "core/scripts/access.h"

namespace oodml::commands {

/// Adds --allow-scripts and --scripts-root; they fill `access`.
void add_scripts(CLI::App& command, scripts::Access& access);

}  // namespace oodml::commands
