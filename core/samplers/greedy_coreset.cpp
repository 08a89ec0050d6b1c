#include "core/samplers/greedy_coreset.h"

#include "core/samplers/coreset.h"
#include "core/samplers/coreset_sampler.h"

namespace oodml::samplers {
namespace {

class GreedyCoreset final : public CoresetSampler {
 public:
  GreedyCoreset(SamplerContext context, std::int64_t big_batch, const Params& params)
      : CoresetSampler(std::move(context), big_batch, params.integer("lowproj_dim")),
        softened_(params.flag("gc_softened")) {}

 private:
  std::vector<std::int64_t> coreset(const torch::Tensor& x, std::int64_t picks, Random& random) const override {
    const std::int64_t first = random.below(x.size(0));
    return greedy_picks(squared_distances(x), first, picks, softened_ ? &random : nullptr);
  }

  bool softened_;
};

}  // namespace

Result<std::unique_ptr<BatchSampler>> make_greedy_coreset(const ComponentChoice& choice,
                                                          const SamplerContext& context) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t big_batch,
                         big_batch_of(choice, context, context.batch_size / context.samples_per_class));
  return std::make_unique<GreedyCoreset>(context, big_batch, choice.params);
}

}  // namespace oodml::samplers
