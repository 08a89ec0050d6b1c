#include "core/models/tensor_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/printable.h"
#include "core/base/safetensors.h"
#include "core/weight_files/torch_file.h"

namespace oodml::models {
namespace {

using Type = std::pair<std::string_view, torch::ScalarType>;
constexpr std::array<Type, 10> kTypes = {{
    {"F32", torch::kFloat32},
    {"F64", torch::kFloat64},
    {"F16", torch::kFloat16},
    {"BF16", torch::kBFloat16},
    {"I64", torch::kInt64},
    {"I32", torch::kInt32},
    {"I16", torch::kInt16},
    {"I8", torch::kInt8},
    {"U8", torch::kUInt8},
    {"BOOL", torch::kBool},
}};

/// A tensor of its own; the bytes of the file may lie at any address.
torch::Tensor copy_of(const weight_files::StridedTensor& stored, torch::ScalarType type) {
  const bool flags = type == torch::kBool;  // a file may hold any byte there, a bool may not
  const auto read_as = flags ? torch::kUInt8 : type;
  const auto elements = static_cast<std::int64_t>(stored.bytes.size() / c10::elementSize(read_as));
  const auto storage = torch::empty({elements}, read_as);
  if (elements > 0) std::memcpy(storage.mutable_data_ptr(), stored.bytes.data(), stored.bytes.size());
  const auto tensor = storage.as_strided(stored.shape, stored.strides);
  return flags ? tensor.ne(0) : tensor;
}

std::string shape_text(at::IntArrayRef shape) {
  std::ostringstream text;
  text << shape;
  return text.str();
}

/// "missing: a, b and 3 more; extra: c"
class Report {
 public:
  explicit Report(std::string heading) : heading_(std::move(heading)) {}
  void add(const std::string& item) {
    if (++count_ <= 10) items_ += (count_ > 1 ? ", " : "") + item;
  }
  void append_to(std::string& message) const {
    if (count_ == 0) return;
    message += "; " + heading_ + ": " + items_;
    if (count_ > 10) message += " and " + std::to_string(count_ - 10) + " more";
  }
  bool empty() const { return count_ == 0; }

 private:
  std::string heading_, items_;
  std::int64_t count_ = 0;
};

}  // namespace

Status write_tensors(const std::filesystem::path& path, const NamedTensors& tensors) {
  std::vector<torch::Tensor> alive;  // the CPU copies that the views below point into
  std::map<std::string, StoredTensor> stored;
  for (const auto& [name, tensor] : tensors) {
    const auto& cpu = alive.emplace_back(tensor.detach().to(torch::kCPU).contiguous());
    for (const auto& [text, type] : kTypes) {
      if (type != cpu.scalar_type()) continue;
      stored[name] = {std::string(text), cpu.sizes().vec(),
                      std::string_view(static_cast<const char*>(cpu.const_data_ptr()), cpu.nbytes())};
    }
    if (!stored.contains(name)) {
      return internal_error("write " + path.string() + ": tensor '" + name + "' has a type without a safetensors name");
    }
  }
  return write_safetensors(path, stored);
}

Result<WeightFile> read_weights(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(const auto file, weight_files::read_tensor_file(path, kMaxTensorFileBytes));
  WeightFile read{.tensors = {}, .under = printable(file.under)};
  for (const auto& [name, stored] : file.tensors) {
    const auto type = std::ranges::find(kTypes, stored.dtype, &Type::first);
    if (type == kTypes.end()) {
      return invalid_argument(path.string() + ": tensor '" + printable(name) + "' has dtype " + stored.dtype +
                              ", accepted are F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL");
    }
    read.tensors.emplace(name, copy_of(stored, type->second));
  }
  return read;
}

Result<NamedTensors> read_tensors(const std::filesystem::path& path) {
  OODML_ASSIGN_OR_RETURN(WeightFile file, read_weights(path));
  return std::move(file.tensors);
}

NamedTensors state_of(const torch::nn::Module& module) {
  NamedTensors state;
  for (const auto& item : module.named_parameters()) state.emplace(item.key(), item.value());
  for (const auto& item : module.named_buffers()) state.emplace(item.key(), item.value());
  return state;
}

void add_below(NamedTensors& all, const std::string& folder, const NamedTensors& part) {
  for (const auto& [name, tensor] : part) all[folder + "." + name] = tensor;
}

NamedTensors below(const NamedTensors& all, const std::string& folder) {
  NamedTensors part;
  for (const auto& [name, tensor] : all) {
    if (name.starts_with(folder + ".")) part[name.substr(folder.size() + 1)] = tensor;
  }
  return part;
}

Status copy_into(const NamedTensors& targets, const NamedTensors& values, const std::string& what) {
  Report missing("missing"), extra("not in the network"), misshapen("of another shape");
  for (const auto& [name, target] : targets) {
    const auto found = values.find(name);
    if (found == values.end()) {
      missing.add(name);
    } else if (found->second.sizes() != target.sizes()) {
      misshapen.add(name + " " + shape_text(found->second.sizes()) + " instead of " + shape_text(target.sizes()));
    }
  }
  for (const auto& [name, value] : values) {
    if (!targets.contains(name)) extra.add(name);
  }
  if (!missing.empty() || !extra.empty() || !misshapen.empty()) {
    std::string message = what + ": the tensors do not fit";
    for (const Report* report : {&missing, &extra, &misshapen}) report->append_to(message);
    return invalid_argument(std::move(message));
  }
  const torch::NoGradGuard no_grad;
  for (const auto& [name, target] : targets) target.copy_(values.at(name));
  return {};
}

}  // namespace oodml::models
