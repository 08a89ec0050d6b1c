#include "core/samplers/random.h"

#include "core/samplers/draws.h"

namespace oodml::samplers {
namespace {

class RandomBatches final : public BatchSampler {
 public:
  explicit RandomBatches(SamplerContext context) : context_(std::move(context)) {}

  std::int64_t batches_per_epoch() const override { return context_.batches_per_epoch(); }

  Batches epoch(std::uint64_t epoch, const torch::Tensor&) override {
    Batches batches(static_cast<std::size_t>(batches_per_epoch()));
    for (std::size_t i = 0; i < batches.size(); ++i) {
      Random random = context_.seeds.stream("sampler", {epoch, i});
      batches[i] = draw_batch(random);
    }
    return batches;
  }

 private:
  Batch draw_batch(Random& random) const {
    Batch batch;
    while (static_cast<std::int64_t>(batch.size()) + 1 < context_.batch_size) {
      append_images(*context_.dataset, random.below(context_.classes()), 1, random, batch);
    }
    const std::int64_t label = batch.empty() ? random.below(context_.classes()) : label_of(one_of(batch, random));
    append_images(*context_.dataset, label, 1, random, batch);
    return batch;
  }

  std::int64_t label_of(std::int64_t position) const {
    return context_.dataset->samples[static_cast<std::size_t>(position)].label;
  }

  SamplerContext context_;
};

}  // namespace

Result<std::unique_ptr<BatchSampler>> make_random(const ComponentChoice&, const SamplerContext& context) {
  return std::make_unique<RandomBatches>(context);
}

}  // namespace oodml::samplers
