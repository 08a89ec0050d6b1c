#include "core/samplers/batchmatch.h"

#include <map>

#include "core/samplers/disthist_cost.h"
#include "core/samplers/draws.h"
#include "core/samplers/fid_cost.h"
#include "core/samplers/stored_sampler.h"

namespace oodml::samplers {
namespace {

/// x [b, D], candidates [K, n] -> [K].
using Cost = torch::Tensor (*)(const torch::Tensor& x, const torch::Tensor& candidates);

class Batchmatch final : public StoredSampler {
 public:
  Batchmatch(SamplerContext context, std::int64_t big_batch, const Params& params, Cost cost)
      : StoredSampler(std::move(context), big_batch, params.integer("lowproj_dim")),
        candidates_(params.integer("ncomps")),
        cost_(cost) {}

 private:
  Batch draw_batch(const torch::Tensor& stored, Random& random) const override {
    const Batch big = draw_big_batch(random);
    const auto x = rows_of(stored, big, random);
    const auto candidates = draw_candidates(big, random);
    const auto cheapest = cost_(x, candidates).argmin().item<std::int64_t>();
    const std::int64_t* places = candidates.const_data_ptr<std::int64_t>() + cheapest * context().batch_size;
    Batch batch;
    for (std::int64_t i = 0; i < context().batch_size; ++i) batch.push_back(big[static_cast<std::size_t>(places[i])]);
    return batch;
  }

  Batch draw_big_batch(Random& random) const {
    Batch big;
    const std::int64_t per_class = context().samples_per_class;
    for (std::int64_t draw = 0; draw < big_batch() / per_class; ++draw) {
      append_images(*context().dataset, random.below(context().classes()), per_class, random, big);
    }
    return big;
  }

  /// [K, batch_size] places in the big batch.
  torch::Tensor draw_candidates(const Batch& big, Random& random) const {
    std::map<std::int64_t, std::vector<std::int64_t>> by_label;
    for (std::size_t place = 0; place < big.size(); ++place) {
      const std::int64_t label = context().dataset->samples[static_cast<std::size_t>(big[place])].label;
      by_label[label].push_back(static_cast<std::int64_t>(place));
    }
    std::vector<std::vector<std::int64_t>> classes;
    for (auto& [label, places] : by_label) classes.push_back(std::move(places));

    auto candidates = at::empty({candidates_, context().batch_size}, at::kLong);
    std::int64_t* next = candidates.mutable_data_ptr<std::int64_t>();
    for (std::int64_t draw = 0; draw < candidates.numel() / context().samples_per_class; ++draw) {
      const auto& places = classes[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(classes.size())))];
      for (const std::int64_t which :
           distinct_below(static_cast<std::int64_t>(places.size()), context().samples_per_class, random)) {
        *next++ = places[static_cast<std::size_t>(which)];
      }
    }
    return candidates;
  }

  std::int64_t candidates_;
  Cost cost_;
};

Result<std::unique_ptr<BatchSampler>> make(const ComponentChoice& choice, const SamplerContext& context, Cost cost) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t big_batch, big_batch_of(choice, context, context.batch_size));
  return std::make_unique<Batchmatch>(context, big_batch, choice.params, cost);
}

}  // namespace

Result<std::unique_ptr<BatchSampler>> make_disthist_batchmatch(const ComponentChoice& choice,
                                                               const SamplerContext& context) {
  return make(choice, context,
              [](const torch::Tensor& x, const torch::Tensor& candidates) { return disthist_cost(x, candidates); });
}

Result<std::unique_ptr<BatchSampler>> make_fid_batchmatch(const ComponentChoice& choice,
                                                          const SamplerContext& context) {
  return make(choice, context, fid_cost);
}

}  // namespace oodml::samplers
