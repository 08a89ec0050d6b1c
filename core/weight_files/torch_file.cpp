#include "core/weight_files/torch_file.h"

#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/safetensors.h"
#include "core/weight_files/other_kinds.h"
#include "core/weight_files/torch_archive.h"
#include "core/weight_files/torch_legacy.h"

namespace oodml::weight_files {
namespace {

TensorFile of_safetensors(SafetensorsFile file) {
  TensorFile tensors{{}, std::move(file.storage)};
  for (auto& [name, stored] : file.tensors) {
    auto strides = row_major(stored.shape);
    tensors.tensors[name] = {std::move(stored.dtype), std::move(stored.shape), std::move(strides), stored.bytes};
  }
  return tensors;
}

}  // namespace

bool is_torch_file(std::string_view bytes) { return is_torch_archive(bytes) || is_torch_legacy(bytes); }

Result<TensorFile> parse_torch_file(std::string bytes, const std::string& name) {
  TensorFile file{{}, std::make_shared<const std::string>(std::move(bytes))};
  OODML_ASSIGN_OR_RETURN(static_cast<StateDict&>(file), is_torch_archive(*file.storage)
                                                            ? parse_torch_archive(*file.storage, name)
                                                            : parse_torch_legacy(*file.storage, name));
  return file;
}

Result<TensorFile> parse_tensor_file(std::string bytes, const std::string& name) {
  if (is_torch_file(bytes)) return parse_torch_file(std::move(bytes), name);
  if (const std::string other = other_kind(bytes); !other.empty()) {
    return invalid_argument(name + ": " + other + "; wanted is a .safetensors file, or one that torch.save wrote");
  }
  OODML_ASSIGN_OR_RETURN(SafetensorsFile file, parse_safetensors(std::move(bytes), name));
  return of_safetensors(std::move(file));
}

Result<TensorFile> read_tensor_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  if (const std::string part = part_of_several(path.filename().string()); !part.empty()) {
    return invalid_argument(path.string() + ": " + part);
  }
  OODML_ASSIGN_OR_RETURN(std::string bytes, read_file(path, max_bytes));
  return parse_tensor_file(std::move(bytes), path.string());
}

}  // namespace oodml::weight_files
