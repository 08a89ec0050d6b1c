#include "core/samplers/class_random.h"

#include "core/samplers/draws.h"

namespace oodml::samplers {
namespace {

class ClassRandom final : public BatchSampler {
 public:
  struct Part {
    std::int64_t first_class = 0, classes = 0, draws = 0;
  };

  ClassRandom(SamplerContext context, std::vector<Part> parts, bool repeat)
      : context_(std::move(context)), parts_(std::move(parts)), repeat_(repeat) {}

  std::int64_t batches_per_epoch() const override { return context_.batches_per_epoch(); }

  Batches epoch(std::uint64_t epoch, const torch::Tensor&) override {
    Random random = context_.seeds.stream("sampler", {epoch});
    Batches batches(static_cast<std::size_t>(batches_per_epoch()));
    for (auto& batch : batches) batch = draw_batch(random);
    return batches;
  }

 private:
  Batch draw_batch(Random& random) const {
    Batch batch;
    for (const Part& part : parts_) {
      for (std::int64_t draw = 0; draw < part.draws; ++draw) {
        const std::int64_t label = part.first_class + random.below(part.classes);
        append_images(*context_.dataset, label, context_.samples_per_class, random, batch);
      }
    }
    if (repeat_) {
      const Batch once = batch;
      batch.insert(batch.end(), once.begin(), once.end());
    }
    return batch;
  }

  SamplerContext context_;
  std::vector<Part> parts_;
  bool repeat_;
};

std::vector<ClassRandom::Part> parts_of(std::int64_t classes, std::int64_t draws, double split) {
  if (split == 1.0) return {{0, classes, draws}};
  const auto first_classes = static_cast<std::int64_t>(static_cast<double>(classes) * split);
  const auto first_draws = static_cast<std::int64_t>(static_cast<double>(draws) * split);
  return {{0, first_classes, first_draws}, {first_classes, classes - first_classes, draws - first_draws}};
}

}  // namespace

Result<std::unique_ptr<BatchSampler>> make_class_random(const ComponentChoice& choice, const SamplerContext& context) {
  const double split = choice.params.number("internal_split");
  const bool repeat = choice.params.flag("ssl_set");
  const auto classes = context.classes();
  const std::int64_t draws = context.batch_size / context.samples_per_class / (repeat ? 2 : 1);
  if (draws == 0)
    return invalid_argument("sampler class_random: ssl_set needs a batch of at least two draws of a class");
  const auto parts = parts_of(classes, draws, split);
  for (const ClassRandom::Part& part : parts) {
    if (part.draws > 0 && part.classes < 1) {
      return invalid_argument("sampler class_random: internal_split leaves one part of the " + std::to_string(classes) +
                              " classes empty; take one nearer to 0.5, or 1 for none");
    }
  }
  return std::make_unique<ClassRandom>(context, parts, repeat);
}

}  // namespace oodml::samplers
