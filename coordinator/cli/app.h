#pragma once

#include <string>
#include <vector>

#include "coordinator/cli/session.h"

namespace oodml::cli {

/// The whole program but main: reads the arguments (without the program's name), runs the command, says what went
/// wrong. Returns the exit code.
int run(const std::vector<std::string>& arguments, Surroundings& around);

}  // namespace oodml::cli
