#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace oodml::scripts {

/// Whether the file is an archive that torch.jit.save may have written and that unpacks to kMaxScriptBytes at most.
/// kInvalidArgument says what it is instead.
Status check_archive(const std::filesystem::path& file, const std::string& who);

}  // namespace oodml::scripts
