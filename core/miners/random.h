#pragma once

#include <cstdint>

#include "core/miners/miner.h"

namespace oodml::miners {

/// All triplets (a, p, n) with y_a = y_p, a != p, y_n != y_a of a batch, numbered from 0 in lexicographic order,
/// without listing them.
struct TripletNumbering {
  torch::Tensor same, other;  ///< [B, B] int64: running counts of Same(a) and Diff(a) over the columns
  torch::Tensor others;       ///< [B] int64: |Diff(a)|
  torch::Tensor ends;         ///< [B] int64: triplets whose anchor is at most a

  explicit TripletNumbering(const torch::Tensor& labels);
  /// [] int64: how many triplets there are.
  torch::Tensor count() const { return ends.select(0, -1); }
  /// ranks [T] int64 in [0, count); larger ones give positions of no meaning inside the batch.
  Tuples at(const torch::Tensor& ranks) const;
};

/// The first `draws` numbers of a uniformly random permutation of {0, ..., count - 1}: [draws] int64, exactly
/// distributed, with memory for draws x draws flags. Where count < draws only the first `count` entries mean
/// something. `count` [] int64 stays on the device.
///
/// It is a Fisher-Yates shuffle stopped after `draws` steps: step i swaps places i and r_i, r_i uniform in
/// {i, ..., count - 1}. Which value lies where after the swaps is resolved for all steps at once.
torch::Tensor draw_without_replacement(const torch::Tensor& count, std::int64_t draws, const at::Generator& generator);

/// B triplets drawn uniformly without replacement from all of the batch; all of them if there are fewer.
/// Source: Hu et al., CVPR 2014; docs/miners.md#overview.
class Random final : public Miner {
 public:
  Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) override;
};

}  // namespace oodml::miners
