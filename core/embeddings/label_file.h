#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/embeddings/array.h"
#include "core/embeddings/choices.h"
#include "core/embeddings/file_kind.h"

namespace oodml::embeddings {

/// The labels in a file of their own, one column; what was taken for what is added to `notes`. Errors as of
/// read_labelled_rows.
Result<Array> read_label_file(const std::filesystem::path& path, FileKind kind, const Choices& choices,
                              std::vector<std::string>& notes);

/// The names in a text file, one a line.
Result<std::vector<std::string>> read_name_file(const std::filesystem::path& path);

}  // namespace oodml::embeddings
