#pragma once

#include <torch/types.h>

#include "core/base/result.h"
#include "core/models/tensor_file.h"

namespace oodml::train {

/// The newest embedding of every training sample, for samplers that choose batches by them. Lives on the training
/// device, so that writing to it waits for nobody. The batches of an epoch come from the store as it was when the
/// epoch began, which is kept until the next one: a run that is resumed inside of the epoch draws them again.
/// Source: docs/samplers.md#stored-embeddings.
class EmbeddingStore {
 public:
  bool filled() const { return rows_.defined(); }
  /// rows [N, D] float on the training device, row i of sample i.
  void fill(torch::Tensor rows) { rows_ = std::move(rows); }

  void begin_epoch();
  /// [N, D] float32 on the CPU: the rows when the running epoch began.
  const torch::Tensor& at_epoch_start() const { return start_; }
  /// Overwrites the rows of positions [B] (CPU or device); of a sample that occurs twice the last row stays.
  /// A row that is not finite is not taken: samplers measure distances to it.
  void put(const torch::Tensor& positions, const torch::Tensor& embeddings);

  /// "rows", and inside of an epoch "start"; nothing before it is filled.
  models::NamedTensors state(bool inside_epoch) const;
  /// kInvalidArgument for anything that state() does not give.
  Status restore(const models::NamedTensors& state, const torch::Device& device);

 private:
  torch::Tensor rows_;   ///< [N, D] on the device
  torch::Tensor start_;  ///< [N, D] on the CPU
};

}  // namespace oodml::train
