#pragma once

#include <torch/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/embedding_files/array.h"
#include "core/embedding_files/choices.h"

namespace oodml::embedding_files {

/// Embeddings with their labels.
struct LabelledRows {
  torch::Tensor rows;              ///< [N, D] float32, or float64 where the file is finer; finite, on the CPU
  Array labels;                    ///< [N] int64, or texts
  std::string labels_from;         ///< The file that holds the labels.
  std::vector<std::string> notes;  ///< What was taken for what, or left out, where the user did not say it; with files.
};

/// Reads .npy, .npz and .safetensors (arrays `embeddings` and `labels`, or those that `choices` names), .csv, .tsv and
/// .txt (a row a line). `labels` names a file of labels of the same kinds; empty: they are in `file`, for .npy a column
/// of it. Nothing is guessed: what could be meant in two ways is kInvalidArgument with file, place and option.
/// kNotFound and the like only for the files themselves.
Result<LabelledRows> read_labelled_rows(const std::filesystem::path& file, const std::filesystem::path& labels,
                                        const Choices& choices);

}  // namespace oodml::embedding_files
