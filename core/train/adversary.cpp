#include "core/train/adversary.h"

#include <utility>

#include "core/train/device.h"

namespace oodml::train {

Adversary::Adversary(std::shared_ptr<criteria::UniformityPrior> prior, AdversaryOptions options,
                     const torch::Device& device)
    : prior_(std::move(prior)),
      options_(std::move(options)),
      optimizer_({{prior_->parameters(), options_.lr, 0.0}}, {.first = 0.5, .second = 0.999}),
      generator_(make_generator(device)) {}

torch::Tensor Adversary::term(const torch::Tensor& avg_features, std::int64_t epoch, std::int64_t iteration,
                              std::uint64_t noise_seed) {
  // Cross entropy asserts on NaN, on a GPU for the whole process; that it is NaN shows in the embeddings.
  const auto features = avg_features.nan_to_num(0, 0, 0);
  if (iteration % options_.every == 0) {
    train_discriminator(features, epoch, noise_seed, avg_features.isfinite().all().logical_not());
  }
  return prior_->generator_term(features);
}

void Adversary::train_discriminator(const torch::Tensor& features, std::int64_t epoch, std::uint64_t noise_seed,
                                    const torch::Tensor& skip) {
  generator_.set_current_seed(noise_seed);
  optimizer_.zero_grad();
  prior_->discriminator_loss(features, prior_->draw_uniform(features, generator_)).backward();
  optimizer_.step(rate_factor(options_.tau, options_.gamma, epoch), skip.to(torch::kFloat32));
}

models::NamedTensors Adversary::state() const {
  models::NamedTensors state;
  models::add_below(state, "prior", models::state_of(*prior_));
  models::add_below(state, "optimizer", optimizer_.state());
  return state;
}

Status Adversary::restore(const models::NamedTensors& state) {
  OODML_RETURN_IF_ERROR(
      models::copy_into(models::state_of(*prior_), models::below(state, "prior"), "restore the discriminator"));
  return optimizer_.restore(models::below(state, "optimizer"));
}

}  // namespace oodml::train
