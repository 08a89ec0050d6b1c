#pragma once

#include <torch/types.h>

#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"

namespace oodml::commands {

/// The files that `oodml embed -o NAME.npz` or `-o NAME.npy` writes: NAME.npz with the arrays `embeddings` [N, D]
/// float32 and `labels` [N] int64, or NAME.npy and NAME.labels.npy; NAME.paths.txt with the path of each row;
/// NAME.classes.txt with the name of each label, from 0 on.
struct EmbeddingOutput {
  std::filesystem::path rows, labels, paths, classes;  ///< labels is empty for .npz

  std::vector<std::filesystem::path> files() const;
};

/// kInvalidArgument for another ending; kAlreadyExists, unless `force`, names the files that are there; kNotFound a
/// folder that is not.
Result<EmbeddingOutput> plan_output(const std::filesystem::path& name, bool force);

/// Each file atomically; the embeddings come last, so where they are all is.
Status write_output(const EmbeddingOutput& output, const torch::Tensor& rows, const data::Dataset& dataset);

}  // namespace oodml::commands
