#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/weight_files/strided_tensor.h"

namespace oodml::weight_files {

/// The format of torch.save before PyTorch 1.6: pickles of a magic number, the version, the machine, the object and the
/// storages' keys; then each storage as an int64 count and its elements.
bool is_torch_legacy(std::string_view bytes);

/// Tensors of the file, views of `bytes`. Errors as parse_torch_file.
Result<StateDict> parse_torch_legacy(std::string_view bytes, const std::string& name);

}  // namespace oodml::weight_files
