#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/weight_files/strided_tensor.h"

namespace oodml::weight_files {

/// Whether the bytes begin as torch.save writes them: a zip archive, or the format before PyTorch 1.6 (which the
/// published resnet50-19c8e357, bn_inception-52deb4733 and their like have).
bool is_torch_file(std::string_view bytes);

/// The state dict that torch.save wrote, alone or in a checkpoint (state_dict.h). Nothing in the file is run:
/// whatever else a checkpoint holds (options, logs, objects) stays unread. `name` starts every message.
/// kDataLoss for a damaged archive, kInvalidArgument for a pickle or a value that is not read, with its byte.
Result<TensorFile> parse_torch_file(std::string bytes, const std::string& name);

/// A file of torch.save or safetensors, told apart by how it begins. Errors as above, of parse_safetensors and of
/// read_file.
Result<TensorFile> read_tensor_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// As read_tensor_file, from bytes.
Result<TensorFile> parse_tensor_file(std::string bytes, const std::string& name);

}  // namespace oodml::weight_files
