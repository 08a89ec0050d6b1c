#pragma once

#include "core/samplers/batch_sampler.h"

namespace oodml::samplers {

/// What the samplers that look at stored embeddings share (docs/samplers.md#stored-embeddings): all batches of an epoch
/// are chosen before it, on the threads of LibTorch, each from a random stream of its own.
class StoredSampler : public BatchSampler {
 public:
  /// big_batch: candidates looked at for each batch. lowproj_dim: dimensions they are projected to at random, a new
  /// projection for each batch; below 1 for none.
  StoredSampler(SamplerContext context, std::int64_t big_batch, std::int64_t lowproj_dim)
      : context_(std::move(context)), big_batch_(big_batch), lowproj_dim_(lowproj_dim) {}

  std::int64_t batches_per_epoch() const override { return context_.batches_per_epoch(); }
  bool needs_embeddings() const override { return true; }
  Batches epoch(std::uint64_t epoch, const torch::Tensor& stored) override;

 protected:
  /// One batch; called from several threads.
  virtual Batch draw_batch(const torch::Tensor& stored, Random& random) const = 0;

  /// The stored rows of these samples, projected if that is asked for: [b, D] double.
  torch::Tensor rows_of(const torch::Tensor& stored, const Batch& positions, Random& random) const;

  const SamplerContext& context() const { return context_; }
  std::int64_t big_batch() const { return big_batch_; }

 private:
  SamplerContext context_;
  std::int64_t big_batch_, lowproj_dim_;
};

/// x [b, D] times a random [D, dim]: a linear layer without bias as the framework initialises it, uniform in
/// +-1 / sqrt(D).
torch::Tensor random_projection(const torch::Tensor& x, std::int64_t dim, Random& random);

/// bigbs, at most the size of the training set; kInvalidArgument when that is less than `least`, the number of samples
/// a batch picks from it.
Result<std::int64_t> big_batch_of(const ComponentChoice& choice, const SamplerContext& context, std::int64_t least);

}  // namespace oodml::samplers
