#pragma once

#include <torch/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/embedding_files/array.h"
#include "core/embedding_files/choices.h"
#include "core/embedding_files/file_kind.h"

namespace oodml::embedding_files {

/// What is read of a file of embeddings, before its labels are counted.
struct Rows {
  torch::Tensor numbers;           ///< [N, D] float32 or float64, finite
  std::optional<Array> labels;     ///< One column, where they were asked for.
  std::vector<std::string> notes;  ///< What was taken for what, or left out.
};

/// The embeddings in a file, and with `has_labels` its labels too; else they stand elsewhere. Errors as of
/// read_labelled_rows.
Result<Rows> read_rows(const std::filesystem::path& path, FileKind kind, const Choices& choices, bool has_labels);

}  // namespace oodml::embedding_files
