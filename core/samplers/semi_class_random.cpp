#include "core/samplers/semi_class_random.h"

#include "core/samplers/draws.h"

namespace oodml::samplers {
namespace {

class SemiClassRandom final : public BatchSampler {
 public:
  SemiClassRandom(SamplerContext context, std::int64_t pairs) : context_(std::move(context)), pairs_(pairs) {}

  std::int64_t batches_per_epoch() const override { return context_.batches_per_epoch(); }

  Batches epoch(std::uint64_t epoch, const torch::Tensor&) override {
    Batches batches(static_cast<std::size_t>(batches_per_epoch()));
    for (std::size_t i = 0; i < batches.size(); ++i) {
      Random random = context_.seeds.stream("sampler", {epoch, i});
      batches[i] = pairs_of(random);
    }
    return batches;
  }

 private:
  Batch pairs_of(Random& random) const {
    Batch batch;
    for (std::int64_t pair = 0; pair < pairs_; ++pair) {
      const std::int64_t image = random.below(context_.samples());
      batch.push_back(image);
      append_images(*context_.dataset, context_.dataset->samples[static_cast<std::size_t>(image)].label, 1, random,
                    batch);
    }
    return batch;
  }

  SamplerContext context_;
  std::int64_t pairs_;
};

}  // namespace

Result<std::int64_t> pairs_of_batch(const ComponentChoice& choice, const SamplerContext& context) {
  if (context.batch_size % 2 == 0) return context.batch_size / 2;
  return invalid_argument("sampler " + choice.name + " makes batches of pairs; batch_size " +
                          std::to_string(context.batch_size) + " is odd, take an even one");
}

Result<std::unique_ptr<BatchSampler>> make_semi_class_random(const ComponentChoice& choice,
                                                             const SamplerContext& context) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t pairs, pairs_of_batch(choice, context));
  return std::make_unique<SemiClassRandom>(context, pairs);
}

}  // namespace oodml::samplers
