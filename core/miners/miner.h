#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "core/base/params.h"
#include "core/base/result.h"

namespace oodml::miners {

/// Triplets of batch positions, all [T] int64 on the embeddings' device.
struct Triplets {
  torch::Tensor anchor, positive, negative;
  /// [T] bool: rows that count. Undefined when all do. Lets a miner on a GPU leave anchors out without
  /// asking the device how many there are.
  torch::Tensor valid;
};

/// Chooses the triplets of a batch.
class Miner {
 public:
  virtual ~Miner() = default;
  /// embeddings [B, D] detached, labels [B] int64 on the same device. Draws come from `generator`, which
  /// belongs to that device and is seeded for the step by the caller.
  virtual Triplets mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) = 0;
};

/// `compat_paper`: reproduce the references' quirks tagged C.
Result<std::unique_ptr<Miner>> make_miner(const ComponentChoice& choice, bool compat_paper);
std::vector<std::string> miner_names();

}  // namespace oodml::miners
