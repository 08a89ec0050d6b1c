#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <filesystem>
#include <map>
#include <string>

#include "core/base/result.h"

namespace oodml::models {

/// Tensors by name, ordered, on the CPU.
using NamedTensors = std::map<std::string, torch::Tensor>;

/// Largest file that is read: 16 GiB.
inline constexpr std::uint64_t kMaxTensorFileBytes = 1ULL << 34;

/// Writes tensors of any device to a safetensors file, atomically and fsynced; the bits come back as they are.
Status write_tensors(const std::filesystem::path& path, const NamedTensors& tensors);

struct WeightFile {
  NamedTensors tensors;
  std::string under;  ///< The key of the checkpoint that they stood under: "state_dict"; empty: none.
};
/// Of a safetensors file, or of what torch.save wrote (core/weight_files/torch_file.h says what is read of it).
Result<WeightFile> read_weights(const std::filesystem::path& path);
Result<NamedTensors> read_tensors(const std::filesystem::path& path);

/// Parameters and buffers of a module by name; they share memory with it.
NamedTensors state_of(const torch::nn::Module& module);

/// Adds `part` to `all` under the names "<folder>.<name>"; below() takes it out again.
void add_below(NamedTensors& all, const std::string& folder, const NamedTensors& part);
NamedTensors below(const NamedTensors& all, const std::string& folder);

/// Copies `values` into `targets`. Strict: kInvalidArgument lists missing, extra and misshapen tensors (at
/// most ten of each) and then nothing was copied. `what` starts the message.
Status copy_into(const NamedTensors& targets, const NamedTensors& values, const std::string& what);

}  // namespace oodml::models
