#include <ATen/CPUGeneratorImpl.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/criteria/uniformity_prior.h"
#include "tests/golden/criterion_case.h"
#include "tests/golden/replay_criteria.h"

namespace oodml::golden {
namespace {

criteria::UniformityPriorOptions options_of(const Case& golden) {
  for (const auto& [name, value] : golden.params.items()) {
    if (name != "chunksize" && name != "latent" && name != "w" && name != "dtype") {
      throw CaseError("unknown parameter " + name + " of uniformity_prior");
    }
  }
  return {.chunk_size = golden.params.at("chunksize"),
          .latent = golden.params.at("latent"),
          .weight = golden.params.at("w")};
}

}  // namespace

/// The generator term on the features, and the discriminator's own loss at the same weights.
void replay_uniformity_prior(const Case& golden, bool /*compat_paper*/, Comparison& comparison) {
  const auto features = leaf(golden, "features");
  const auto made = criteria::make_uniformity_prior(options_of(golden), features.size(1),
                                                    at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{1}));
  if (!made) throw CaseError(made.error().message());
  criteria::UniformityPrior& prior = **made;
  prior.to(features.device(), features.scalar_type());
  load_parameters(golden, prior);

  const auto term = prior.generator_term(features);
  comparison.check("out.loss", term);
  term.backward();
  check_gradient("features", features, golden, comparison);

  const auto loss = prior.discriminator_loss(features, golden.at("in.uniform"));
  comparison.check("out.loss_discriminator", loss);
  loss.backward();
  for (const auto& item : prior.named_parameters()) {
    comparison.check("grad_discriminator." + item.key(), item.value().grad());
  }
}

}  // namespace oodml::golden
