#pragma once

#include <filesystem>

#include "coordinator/cli/output/json.h"
#include "core/base/result.h"

namespace oodml::cli {

/// What `oodml-core version --json` answers. kInvalidArgument: something else, as an older program does;
/// kFailedPrecondition: it ended with a failure, as one whose LibTorch is missing does.
Result<Json> core_version(const std::filesystem::path& core);

}  // namespace oodml::cli
