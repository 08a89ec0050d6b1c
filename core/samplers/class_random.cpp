#include "core/samplers/class_random.h"

#include <algorithm>

#include "core/samplers/draws.h"

namespace oodml::samplers {
namespace {

class ClassRandom final : public BatchSampler {
 public:
  struct Part {
    std::int64_t first_class = 0, classes = 0, draws = 0;
  };

  ClassRandom(SamplerContext context, std::vector<Part> parts, const ClassRandomOptions& options)
      : context_(std::move(context)), parts_(std::move(parts)), options_(options) {}

  std::int64_t batches_per_epoch() const override { return context_.batches_per_epoch(); }

  Batches epoch(std::uint64_t epoch, const torch::Tensor&) override {
    Random random = context_.seeds.stream("sampler", {epoch});
    Batches batches(static_cast<std::size_t>(batches_per_epoch()));
    std::vector<std::vector<std::int64_t>> last(parts_.size());  // classes drawn before, the newest at the end
    for (auto& batch : batches) batch = draw_batch(random, last);
    return batches;
  }

 private:
  Batch draw_batch(Random& random, std::vector<std::vector<std::int64_t>>& last) const {
    Batch batch;
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      for (std::int64_t draw = 0; draw < parts_[p].draws; ++draw) {
        const std::int64_t label = parts_[p].first_class + draw_class(parts_[p].classes, random, last[p]);
        append_images(*context_.dataset, label, context_.samples_per_class, random, batch);
      }
    }
    if (options_.ssl_set) {
      const Batch once = batch;
      batch.insert(batch.end(), once.begin(), once.end());
    }
    return batch;
  }

  /// A class of the part that is none of `last`, which it then belongs to.
  std::int64_t draw_class(std::int64_t classes, Random& random, std::vector<std::int64_t>& last) const {
    std::int64_t drawn = random.below(classes - std::ssize(last));
    std::vector<std::int64_t> left_out = last;
    std::ranges::sort(left_out);
    for (const std::int64_t other : left_out) drawn += drawn >= other ? 1 : 0;
    if (options_.exclude_last == 0) return drawn;
    if (std::ssize(last) == options_.exclude_last) last.erase(last.begin());
    last.push_back(drawn);
    return drawn;
  }

  SamplerContext context_;
  std::vector<Part> parts_;
  ClassRandomOptions options_;
};

std::vector<ClassRandom::Part> parts_of(std::int64_t classes, std::int64_t draws, double split) {
  if (split == 1.0) return {{0, classes, draws}};
  const auto first_classes = static_cast<std::int64_t>(static_cast<double>(classes) * split);
  const auto first_draws = static_cast<std::int64_t>(static_cast<double>(draws) * split);
  return {{0, first_classes, first_draws}, {first_classes, classes - first_classes, draws - first_draws}};
}

}  // namespace

Result<std::unique_ptr<BatchSampler>> make_class_random(const ClassRandomOptions& options,
                                                        const SamplerContext& context) {
  const auto classes = context.classes();
  const std::int64_t draws = context.batch_size / context.samples_per_class / (options.ssl_set ? 2 : 1);
  if (draws == 0)
    return invalid_argument("sampler class_random: ssl_set needs a batch of at least two draws of a class");
  const auto parts = parts_of(classes, draws, options.internal_split);
  for (const ClassRandom::Part& part : parts) {
    if (part.draws > 0 && part.classes < 1) {
      return invalid_argument("sampler class_random: internal_split leaves one part of the " + std::to_string(classes) +
                              " classes empty; take one nearer to 0.5, or 1 for none");
    }
    if (part.draws > 0 && part.classes <= options.exclude_last) {
      return invalid_argument("sampler class_random: exclude_last is " + std::to_string(options.exclude_last) +
                              ", but classes are drawn from " + std::to_string(part.classes) + "; take a smaller one");
    }
  }
  return std::make_unique<ClassRandom>(context, parts, options);
}

Result<std::unique_ptr<BatchSampler>> make_class_random(const ComponentChoice& choice, const SamplerContext& context) {
  return make_class_random(ClassRandomOptions{.internal_split = choice.params.number("internal_split"),
                                              .ssl_set = choice.params.flag("ssl_set"),
                                              .exclude_last = choice.params.value_or("exclude_last", std::int64_t{0})},
                           context);
}

}  // namespace oodml::samplers
