#include "core/samplers/infobatch.h"

#include "core/miners/distance_weighting.h"
#include "core/samplers/draws.h"
#include "core/samplers/semi_class_random.h"
#include "core/samplers/stored_sampler.h"

namespace oodml::samplers {
namespace {

constexpr double kLowestSquaredDistance = 0.5;

class PresampledInfobatch final : public StoredSampler {
 public:
  using StoredSampler::StoredSampler;

 private:
  Batch draw_batch(const torch::Tensor& stored, Random& random) const override {
    const Batch candidates = distinct_below(context().samples(), big_batch(), random);  // in random order
    const auto x = rows_of(stored, candidates, random);
    auto free = at::ones({big_batch()}, at::kBool);
    Batch batch;
    const auto take = [&](std::int64_t row) {
      free.select(0, row).fill_(false);
      batch.push_back(candidates[static_cast<std::size_t>(row)]);
    };
    const auto picks = static_cast<std::size_t>(context().batch_size / 2);
    for (std::int64_t next = 0; batch.size() < picks; ++next) {
      if (!free[next].item<bool>()) continue;  // the next in random order is a uniform draw
      take(next);
      if (batch.size() < picks) take(partner_of(x, next, free, random));
    }
    append_classmates(*context().dataset, 1, random, batch);
    return batch;
  }

  static std::int64_t partner_of(const torch::Tensor& x, std::int64_t anchor, const torch::Tensor& free,
                                 Random& random) {
    const auto probabilities = infobatch_partners(x, anchor, free).contiguous();
    const double* first = probabilities.const_data_ptr<double>();
    return place_by(std::vector<double>(first, first + probabilities.numel()), random);
  }
};

}  // namespace

torch::Tensor infobatch_partners(const torch::Tensor& x, std::int64_t anchor, const torch::Tensor& free) {
  const auto squared = (x - x[anchor]).square().sum(1);
  const auto weights =
      miners::distance_weights(squared.unsqueeze(0), free.unsqueeze(0), x.size(1), kLowestSquaredDistance).squeeze(0);
  return weights / weights.sum();
}

Result<std::unique_ptr<BatchSampler>> make_presampled_infobatch(const ComponentChoice& choice,
                                                                const SamplerContext& context) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t picks, pairs_of_batch(choice, context));
  OODML_ASSIGN_OR_RETURN(const std::int64_t big_batch, big_batch_of(choice, context, picks));
  return std::make_unique<PresampledInfobatch>(context, big_batch, choice.params.integer("lowproj_dim"));
}

}  // namespace oodml::samplers
