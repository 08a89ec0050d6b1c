#pragma once

#include <torch/types.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace oodml::embedding_files {

/// Writes a tensor of float32 or int64, on any device, as NumPy's format 1.0: atomically, the folder must exist.
Status write_npy(const std::filesystem::path& path, const torch::Tensor& tensor);

using NamedArrays = std::vector<std::pair<std::string, torch::Tensor>>;

/// Writes them as numpy.savez does, not compressed. Equal arrays give equal bytes. kInvalidArgument beyond the 4 GiB of
/// the plain zip format.
Status write_npz(const std::filesystem::path& path, const NamedArrays& arrays);

}  // namespace oodml::embedding_files
