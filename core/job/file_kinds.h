#pragma once

#include <optional>
#include <string_view>

#include "core/job/stored_file.h"

namespace oodml::job {

inline constexpr FileKind kFileKinds[] = {FileKind::kCheckpoint, FileKind::kBest, FileKind::kLast,       FileKind::kLog,
                                          FileKind::kResults,    FileKind::kCsv,  FileKind::kTensorboard};

/// A kind by its name; nullopt: there is none of it.
inline std::optional<FileKind> parse_file_kind(std::string_view text) {
  for (const FileKind kind : kFileKinds) {
    if (text == to_text(kind)) return kind;
  }
  return std::nullopt;
}

}  // namespace oodml::job
