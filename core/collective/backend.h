#pragma once

#include <c10/util/intrusive_ptr.h>
#include <torch/csrc/distributed/c10d/Backend.hpp>

#include "core/base/result.h"
#include "core/collective/process_group.h"

namespace oodml::collective {

using BackendPointer = c10::intrusive_ptr<c10d::Backend>;

/// Throws what LibTorch throws when the others are not met in time. kUnimplemented: not in this LibTorch.
Result<BackendPointer> connect_gloo(const Membership& membership);
Result<BackendPointer> connect_nccl(const Membership& membership, const torch::Device& device);

}  // namespace oodml::collective
