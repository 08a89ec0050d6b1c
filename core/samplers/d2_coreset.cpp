#include "core/samplers/d2_coreset.h"

#include "core/samplers/coreset_sampler.h"
#include "core/samplers/d2_weights.h"
#include "core/samplers/draws.h"

namespace oodml::samplers {
namespace {

class D2Coreset final : public CoresetSampler {
 public:
  D2Coreset(SamplerContext context, std::int64_t big_batch, const Params& params)
      : CoresetSampler(std::move(context), big_batch, params.integer("lowproj_dim")),
        lambda_(params.number("d2_coreset_lambda")) {}

 private:
  std::vector<std::int64_t> coreset(const torch::Tensor& x, std::int64_t picks, Random& random) const override {
    D2Weights weights(x, lambda_);
    std::vector<std::int64_t> order = {weights.start(random)};
    weights.pick(order.back());
    while (static_cast<std::int64_t>(order.size()) < picks) {
      order.push_back(place_by(weights.probabilities(), random));
      weights.pick(order.back());
    }
    return order;
  }

  double lambda_;
};

}  // namespace

Result<std::unique_ptr<BatchSampler>> make_d2_coreset(const ComponentChoice& choice, const SamplerContext& context) {
  OODML_ASSIGN_OR_RETURN(const std::int64_t big_batch,
                         big_batch_of(choice, context, context.batch_size / context.samples_per_class));
  return std::make_unique<D2Coreset>(context, big_batch, choice.params);
}

}  // namespace oodml::samplers
