#pragma once

#include <torch/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/embeddings/array.h"
#include "core/embeddings/choices.h"
#include "core/embeddings/file_kind.h"

namespace oodml::embeddings {

/// What is read of a file of embeddings, before its labels are counted.
struct Rows {
  torch::Tensor numbers;           ///< [N, D] float32 or float64, finite
  std::optional<Array> labels;     ///< One column, where they were asked for.
  std::vector<std::string> notes;  ///< What was taken for what, or left out.
};

/// The embeddings in a file, and with `has_labels` its labels too; else they stand elsewhere. Errors as of
/// read_labelled_rows.
Result<Rows> read_rows(const std::filesystem::path& path, FileKind kind, const Choices& choices, bool has_labels);

}  // namespace oodml::embeddings
