#pragma once

#include <filesystem>
#include <optional>

#include "core/base/result.h"
#include "core/embeddings/array.h"

namespace oodml::embeddings {

struct EmbeddingFile {
  torch::Tensor rows;           ///< [N, D] float32, or float64 where the file is finer, on the CPU; not looked at further
  std::optional<Array> labels;  ///< The file's own, where it has some.
};

/// .npy (rows), .npz and .safetensors (arrays `embeddings` and, if there, `labels`), .csv, .tsv and .txt (one row a
/// line, the last column the label if `last_column_is_label`). Messages start with the file's name; codes as the
/// readers'.
Result<EmbeddingFile> read_embedding_file(const std::filesystem::path& path, bool last_column_is_label);

/// Labels alone: .npy, .npz and .safetensors (array `labels`), .csv, .tsv and .txt (one a line).
Result<Array> read_label_file(const std::filesystem::path& path);

}  // namespace oodml::embeddings
