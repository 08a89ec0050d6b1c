#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/embedding_files/array.h"
#include "core/embedding_files/choices.h"
#include "core/embedding_files/file_kind.h"

namespace oodml::embedding_files {

/// The labels in a file of their own, one column; what was taken for what is added to `notes`. Errors as of
/// read_labelled_rows.
Result<Array> read_label_file(const std::filesystem::path& path, FileKind kind, const Choices& choices,
                              std::vector<std::string>& notes);

/// The names in a text file, one a line.
Result<std::vector<std::string>> read_name_file(const std::filesystem::path& path);

}  // namespace oodml::embedding_files
