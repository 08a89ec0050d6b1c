#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace oodml::trial {

/// The device of each of a trial's replicas. `wish`: "cpu", "cuda", "cuda:1", as many as there are replicas
/// ("cuda:0,cuda:1"; more are left alone), or "" for the first CUDA devices, else the CPU. All replicas may be on the
/// CPU, but no two on one GPU: kUnavailable says how many are wanted, or names the devices there are.
Result<std::vector<torch::Device>> trial_devices(const std::string& wish, std::int64_t replicas);

/// "cpu", "cuda:0", "cuda:0,cuda:1"
std::string names_of(const std::vector<torch::Device>& devices);

}  // namespace oodml::trial
