#include "core/samplers/d2_coreset.h"

#include "core/samplers/coreset_sampler.h"
#include "core/samplers/d2_weights.h"

namespace oodml::samplers {
namespace {

/// An index drawn with these probabilities.
std::int64_t drawn(const std::vector<double>& probabilities, Random& random) {
  double left = random.uniform();
  std::size_t last = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (probabilities[i] == 0.0) continue;
    last = i;  // rounding may leave a little after the last
    left -= probabilities[i];
    if (left < 0.0) break;
  }
  return static_cast<std::int64_t>(last);
}

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
      order.push_back(drawn(weights.probabilities(), random));
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
