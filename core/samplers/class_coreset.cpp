#include "core/samplers/class_coreset.h"

#include <algorithm>
#include <cmath>

#include "core/samplers/coreset.h"
#include "core/samplers/draws.h"
#include "core/samplers/semi_class_random.h"
#include "core/samplers/stored_sampler.h"

namespace oodml::samplers {
namespace {

class GreedyClassCoreset final : public StoredSampler {
 public:
  using StoredSampler::StoredSampler;

 private:
  Batch draw_batch(const torch::Tensor& stored, Random& random) const override {
    Batch batch;
    for (std::int64_t draws = context().batch_size / context().samples_per_class; draws > 0; --draws) {
      append_coreset(random.below(context().classes()), stored, random, batch);
    }
    return batch;
  }

  void append_coreset(std::int64_t label, const torch::Tensor& stored, Random& random, Batch& batch) const {
    const auto& images = context().dataset->by_class[static_cast<std::size_t>(label)];
    const auto size = static_cast<std::int64_t>(images.size());
    Batch seen;
    for (const std::int64_t place : distinct_below(size, std::min(size, big_batch()), random)) {
      seen.push_back(images[static_cast<std::size_t>(place)]);
    }
    const auto squared = squared_distances(rows_of(stored, seen, random));
    const std::int64_t wanted = context().samples_per_class;
    const std::int64_t picks = std::min(wanted, static_cast<std::int64_t>(seen.size()));
    // `seen` is in random order, so its first is a uniform draw.
    for (const std::int64_t row : greedy_picks(squared, /*first=*/0, picks)) {
      batch.push_back(seen[static_cast<std::size_t>(row)]);
    }
    append_images(*context().dataset, label, wanted - picks, random, batch);
  }
};

/// Its big batch is the primary subset.
class GreedySemiClassCoreset final : public StoredSampler {
 public:
  using StoredSampler::StoredSampler;

 private:
  Batch draw_batch(const torch::Tensor& stored, Random& random) const override {
    const Batch subset = distinct_below(context().samples(), big_batch(), random);  // its first: a uniform draw
    const auto x = rows_of(stored, subset, random);
    Batch batch;
    for (const std::int64_t row : greedy_picks_of_rows(x, /*first=*/0, context().batch_size / 2)) {
      batch.push_back(subset[static_cast<std::size_t>(row)]);
    }
    append_classmates(*context().dataset, 1, random, batch);
    return batch;
  }
};

}  // namespace

Result<std::unique_ptr<BatchSampler>> make_greedy_class_coreset(const ComponentChoice& choice,
                                                                const SamplerContext& context) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t big_batch, big_batch_of(choice, context, context.samples_per_class));
  return std::make_unique<GreedyClassCoreset>(context, big_batch, choice.params.integer("lowproj_dim"));
}

Result<std::unique_ptr<BatchSampler>> make_greedy_semi_class_coreset(const ComponentChoice& choice,
                                                                     const SamplerContext& context) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t picks, pairs_of_batch(choice, context));
  const double share = choice.params.number("primary_subset_perc");
  const auto subset = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(context.samples())));
  if (subset < picks) {
    return invalid_argument("sampler " + choice.name + ": primary_subset_perc " + to_display_text(share) + " of " +
                            std::to_string(context.samples()) + " training images leaves " + std::to_string(subset) +
                            ", but a batch picks " + std::to_string(picks) +
                            " of them; raise it (at most 1) or take a smaller batch_size");
  }
  return std::make_unique<GreedySemiClassCoreset>(context, subset, choice.params.integer("lowproj_dim"));
}

}  // namespace oodml::samplers
