#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace oodml::train {

/// "cpu", "cuda", "cuda:1", or "" for the first CUDA device, else the CPU. kUnavailable names the devices
/// this machine has.
Result<torch::Device> find_device(const std::string& name);
/// cpu, cuda:0, cuda:1, ...
std::vector<std::string> device_names();

/// Settings of the whole process under which two runs give the same bits: `cpu_threads` compute threads,
/// deterministic algorithms where there is a choice. Call before any other work with tensors.
void make_deterministic(std::int64_t cpu_threads);

/// A generator of its own on `device`; the caller seeds it for each use.
at::Generator make_generator(const torch::Device& device);

}  // namespace oodml::train
