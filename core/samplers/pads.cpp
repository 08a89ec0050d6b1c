#include "core/samplers/pads.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/samplers/class_random.h"
#include "core/samplers/draws.h"

namespace oodml::samplers {
namespace {

constexpr std::size_t kWorkers = 8;   // of the published program; each makes whole batches, in turn
constexpr std::int64_t kLeftOut = 2;  // classes drawn last

/// What a worker of the published loader remembers in an epoch.
class Worker {
 public:
  Worker(const data::Dataset& dataset, std::int64_t samples_per_class)
      : dataset_(dataset), samples_per_class_(samples_per_class) {}

  /// The image that the number i stands for.
  std::int64_t image(std::int64_t i) {
    const auto classes = std::ssize(dataset_.by_class);
    if (last_.empty()) {
      last_.push_back(i % classes);
    } else if (drawn_ == samples_per_class_) {
      last_.push_back(next_class(i, classes));
      if (std::ssize(last_) > kLeftOut) last_.erase(last_.begin());
      drawn_ = 0;
    }
    ++drawn_;
    const auto& images = dataset_.by_class[static_cast<std::size_t>(last_.back())];
    return images[static_cast<std::size_t>(i % std::ssize(images))];
  }

 private:
  std::int64_t next_class(std::int64_t i, std::int64_t classes) const {
    std::vector<std::int64_t> left_out = last_;
    std::ranges::sort(left_out);
    std::int64_t chosen = i % (classes - std::ssize(left_out));
    for (const std::int64_t other : left_out) chosen += chosen >= other ? 1 : 0;
    return chosen;
  }

  const data::Dataset& dataset_;
  std::int64_t samples_per_class_;
  std::int64_t drawn_ = 0;          ///< Images of the running class.
  std::vector<std::int64_t> last_;  ///< The classes drawn last, the running one at the end.
};

class ShuffledNumbers final : public BatchSampler {
 public:
  explicit ShuffledNumbers(SamplerContext context) : context_(std::move(context)) {}

  std::int64_t batches_per_epoch() const override { return context_.batches_per_epoch(); }

  Batches epoch(std::uint64_t epoch, const torch::Tensor&) override {
    Random random = context_.seeds.stream("sampler", {epoch});
    std::vector<Worker> workers(kWorkers, Worker(*context_.dataset, context_.samples_per_class));
    std::vector<std::int64_t> numbers;
    Batches batches(static_cast<std::size_t>(batches_per_epoch()));
    for (std::size_t b = 0; b < batches.size(); ++b) {
      for (std::int64_t n = 0; n < context_.batch_size; ++n) {
        if (numbers.empty()) numbers = distinct_below(context_.samples(), context_.samples(), random);
        batches[b].push_back(workers[b % kWorkers].image(numbers.back()));
        numbers.pop_back();
      }
    }
    return batches;
  }

 private:
  SamplerContext context_;
};

}  // namespace

Result<std::unique_ptr<BatchSampler>> make_pads(const ComponentChoice&, const SamplerContext& context) {
  if (context.classes() <= kLeftOut) {
    return invalid_argument(
        "sampler pads draws a class that is none of the last two, so it needs three classes to train on; there are " +
        std::to_string(context.classes()));
  }
  if (context.compat_paper) return std::make_unique<ShuffledNumbers>(context);
  return make_class_random(ClassRandomOptions{.exclude_last = kLeftOut}, context);
}

}  // namespace oodml::samplers
