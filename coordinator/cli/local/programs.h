#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::cli {

/// Another program of ours, in the folder of this one. kNotFound names where it was looked for.
Result<std::filesystem::path> program_beside(std::string_view name);

/// A command that oodml-core does; people write it as one of oodml's.
struct CoreCommand {
  std::string name;
  std::string summary;
};
const std::vector<CoreCommand>& core_commands();
bool is_core_command(std::string_view word);

/// Becomes another program of ours with these arguments; returns only when that failed.
Status hand_over(std::string_view name, const std::vector<std::string>& arguments);

}  // namespace oodml::cli
