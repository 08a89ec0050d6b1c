#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace oodml {

/// Writes `bytes` under a temporary name beside `path`, fsyncs, renames over `path`, fsyncs the folder:
/// after a crash the file holds the old bytes or the new ones. The folder must exist. On failure the file holds the old
/// bytes, or, when only the folder could not be synced, the new ones, which a power cut may undo.
Status write_file_atomically(const std::filesystem::path& path, std::string_view bytes);
/// The same for bytes that lie in pieces, written one after the other without joining them in memory.
Status write_file_atomically(const std::filesystem::path& path, const std::vector<std::string_view>& pieces);

/// The whole file; kNotFound, kPermissionDenied, or kInvalidArgument when it is larger than `max_bytes`.
Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// fsync of a folder, so that a rename or a new entry in it survives a power cut.
Status sync_folder(const std::filesystem::path& folder);
/// fsync of every file and folder in and below a folder.
Status sync_tree(const std::filesystem::path& folder);
/// Makes a folder, and those above it that are missing, so that they survive a power cut.
Status make_folders(const std::filesystem::path& folder);

}  // namespace oodml
