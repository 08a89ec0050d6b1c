#pragma once

#include <filesystem>

#include "coordinator/cli/report/document.h"
#include "core/base/result.h"

namespace oodml::cli::report {

/// The pictures of a folder that `oodml splits map` wrote, by its maps.json:
///   {"maps": [{"name": "cub200_easy", "caption": "...", "files": ["cub200_easy.svg", "cub200_easy.pdf"]}, ...]}
/// Files are names in that folder. What is named but not there goes to Section::missing.
/// kNotFound: no maps.json; kInvalidArgument: it is none.
Result<Section> maps_section(const std::filesystem::path& folder);

}  // namespace oodml::cli::report
