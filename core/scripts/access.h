#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace oodml::scripts {

/// Largest file of a script that is read, and the most that it may unpack to: 4 GiB.
inline constexpr std::uint64_t kMaxScriptBytes = 1ULL << 32;

/// What this process may run of other people's code, and where it lies.
struct Access {
  bool allowed = false;              ///< --allow-scripts: a script is a program of whoever wrote it.
  std::filesystem::path root = ".";  ///< --scripts-root: the folder that scripts are named below.
};

/// The file <root>/<name>. kPermissionDenied where scripts are not allowed, kInvalidArgument for a path that may leave
/// the folder or a file beyond kMaxScriptBytes, kNotFound where it is not there.
Result<std::filesystem::path> find_script(const Access& access, const std::string& name);

}  // namespace oodml::scripts
