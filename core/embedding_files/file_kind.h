#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/embedding_files/array_file.h"

namespace oodml::embedding_files {

inline constexpr std::uint64_t kMostFileBytes = 16ULL << 30;  ///< Larger ones are not read.

enum class FileKind { kTable, kNpy, kNpz, kSafetensors };

/// By the ending of the name, in either case; kInvalidArgument lists those that are read.
Result<FileKind> file_kind_of(const std::filesystem::path& path);

/// Why a file could not be read: `failed`, or what it is where `foreign` (foreign_kind of its bytes) is no kind that
/// its name promises.
Status reason_of(const Status& failed, FileKind kind, std::string_view foreign, const std::string& name);

bool holds_named_arrays(FileKind kind);
/// Of a kind that holds them.
Result<ArrayFile> open_arrays(FileKind kind, std::string bytes, const std::string& name);

}  // namespace oodml::embedding_files
