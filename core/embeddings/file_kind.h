#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/embeddings/array_file.h"

namespace oodml::embeddings {

inline constexpr std::uint64_t kMostFileBytes = 16ULL << 30;  ///< Larger ones are not read.

enum class FileKind { kTable, kNpy, kNpz, kSafetensors };

/// By the ending of the name, in either case; kInvalidArgument lists those that are read.
Result<FileKind> file_kind_of(const std::filesystem::path& path);

bool holds_named_arrays(FileKind kind);
/// Of a kind that holds them.
Result<ArrayFile> open_arrays(FileKind kind, std::string bytes, const std::string& name);

}  // namespace oodml::embeddings
