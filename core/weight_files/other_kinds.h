#pragma once

#include <string>
#include <string_view>

namespace oodml::weight_files {

/// What a file without weights, or with weights of another program, is by its first bytes: "an HTML page ...", "a Git
/// LFS pointer ...", with what to do. Empty for what may be safetensors.
std::string other_kind(std::string_view bytes);

/// The same by its name, of one part of weights that were saved in several: pytorch_model-00001-of-00002.bin. Empty for
/// any other name.
std::string part_of_several(std::string_view file_name);

}  // namespace oodml::weight_files
