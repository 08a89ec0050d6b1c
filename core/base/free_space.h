#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace oodml {

/// Whether so much may still be written below a folder that is there. kResourceExhausted when less is free, which
/// `wanted_by` asks for ("--min-free-mib"), or when no further file can be made; kPermissionDenied when the disk is
/// mounted read-only.
Status check_free_space(const std::filesystem::path& folder, std::int64_t mib, const std::string& wanted_by);

}  // namespace oodml
