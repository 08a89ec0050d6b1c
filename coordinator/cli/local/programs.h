#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml::cli {

/// Another program of ours, in the folder of this one. kNotFound names where it was looked for.
Result<std::filesystem::path> program_beside(std::string_view name);

/// evaluate, embed, splits: commands that oodml-core does.
bool is_core_command(std::string_view word);

/// Becomes oodml-core with these arguments; returns only when that failed.
Status hand_over_to_core(const std::vector<std::string>& arguments);

}  // namespace oodml::cli
