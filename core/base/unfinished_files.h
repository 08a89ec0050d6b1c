#pragma once

#include <filesystem>

#include "core/base/result.h"

namespace oodml {

/// Removes what write_file_atomically (atomic_file.h) left in this folder, not below it, where its process was killed
/// in between. For the folder's owner only: a write that is under way elsewhere would fail.
Status remove_unfinished_files(const std::filesystem::path& folder);

}  // namespace oodml
