#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "core/base/params.h"
#include "core/base/result.h"

namespace oodml::miners {

/// Tuples of batch positions on the embeddings' device: [T] triplets, or [T] anchors with sets.
struct Tuples {
  torch::Tensor anchor;    ///< [T] int64
  torch::Tensor positive;  ///< [T] int64; undefined where the miner gives a set instead (lifted)
  torch::Tensor negative;  ///< [T] int64; undefined where the miner gives a set instead (npair, lifted)
  /// [T] bool: rows that count. Undefined when all do. Lets a miner on a GPU leave anchors out without
  /// asking the device how many there are.
  torch::Tensor valid;
  torch::Tensor positive_set;  ///< [T, B] bool: all positives of each anchor; defined for lifted only
  torch::Tensor negative_set;  ///< [T, B] bool: all negatives of each anchor; defined for npair and lifted only
};

/// Chooses the tuples of a batch.
class Miner {
 public:
  virtual ~Miner() = default;
  /// embeddings [B, D] detached, labels [B] int64 on the same device. Draws come from `generator`, which
  /// belongs to that device and is seeded for the step by the caller.
  virtual Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) = 0;
  /// Of the latest mine(): how many triplets push two rows of one class apart on purpose, a float64 scalar on the
  /// device, zero before the first call. Undefined for a miner that never does.
  virtual torch::Tensor push_triplets() const { return {}; }
};

/// `compat_paper`: reproduce the references' quirks tagged C.
Result<std::unique_ptr<Miner>> make_miner(const ComponentChoice& choice, bool compat_paper);
std::vector<std::string> miner_names();

}  // namespace oodml::miners
