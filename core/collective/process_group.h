#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "core/base/result.h"
#include "core/collective/collective.h"

namespace oodml::collective {

/// Where a process stands in its group.
struct Membership {
  std::int64_t rank = 0;
  std::int64_t size = 1;
  /// Where the group meets: a file that no other group has used, on a disk that every member sees. It goes with them.
  std::filesystem::path meeting_file;
  /// How long a call waits for the others before it throws PeerLost.
  std::chrono::milliseconds patience = std::chrono::minutes(10);
};

/// Joins a group over NCCL when `device` is a GPU and over Gloo, on the loopback interface, when it is the CPU. Returns
/// when all have joined (NCCL: connects at the first call). kUnavailable when they do not meet in time;
/// kUnimplemented when LibTorch was built without the one that is needed.
Result<std::shared_ptr<Collective>> join(const Membership& membership, const torch::Device& device);

}  // namespace oodml::collective
