#pragma once

#include <filesystem>

#include "coordinator/cli/report/document.h"
#include "core/base/result.h"

namespace oodml::cli::report {

/// The pictures of a folder that `oodml splits map` wrote, by its maps.json: the one of all splits is shown, the points
/// and pictures of each split are linked. Files are names in that folder; what is named but not there, or was not
/// drawn, goes to Section::missing. kNotFound: no maps.json; kInvalidArgument: it is none.
Result<Section> maps_section(const std::filesystem::path& folder);

}  // namespace oodml::cli::report
