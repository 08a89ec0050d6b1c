#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/weight_files/strided_tensor.h"

namespace oodml::weight_files {

/// The format of torch.save since PyTorch 1.6: a zip archive with the pickle <folder>/data.pkl and each storage, not
/// packed, as <folder>/data/<key>.
bool is_torch_archive(std::string_view bytes);

/// Tensors of the archive, views of `bytes`. Errors as parse_torch_file.
Result<StateDict> parse_torch_archive(std::string_view bytes, const std::string& name);

}  // namespace oodml::weight_files
