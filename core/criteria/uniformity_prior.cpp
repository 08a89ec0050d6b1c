#include "core/criteria/uniformity_prior.h"

#include <stdexcept>
#include <string>

#include "core/criteria/batch.h"

namespace oodml::criteria {
namespace {

/// Mean binary cross-entropy of sigmoid(logits) against one target value for all.
torch::Tensor cross_entropy(const torch::Tensor& logits, double target) {
  const auto probability = logits.sigmoid();
  return at::binary_cross_entropy(probability, at::full_like(probability, target));
}

}  // namespace

UniformityPrior::UniformityPrior(UniformityPriorOptions options, at::Generator generator) : options_(options) {
  const std::vector<std::int64_t> widths = {options.chunk_size, options.latent, options.latent, 1};
  discriminator_ = register_module("discriminator", std::make_shared<Perceptron>(widths, generator));
}

torch::Tensor UniformityPrior::chunks(const torch::Tensor& features) const {
  if (!features.defined() || features.dim() != 2 || features.size(1) % options_.chunk_size != 0) {
    throw std::invalid_argument("uniformity prior: features must be [B, F], F a multiple of " +
                                std::to_string(options_.chunk_size));
  }
  return features.reshape({-1, options_.chunk_size});
}

torch::Tensor UniformityPrior::generator_term(const torch::Tensor& features) const {
  const auto rows = chunks(features);
  if (rows.size(0) == 0) return attached_zero(features);
  return options_.weight * cross_entropy(discriminator_->forward_frozen(rows), 1.0);
}

torch::Tensor UniformityPrior::discriminator_loss(const torch::Tensor& features, const torch::Tensor& uniform) const {
  const auto rows = chunks(features.detach());
  if (!uniform.defined() || uniform.sizes() != rows.sizes()) {
    throw std::invalid_argument("uniformity prior: the uniform noise must have the shape of the chunks");
  }
  if (rows.size(0) == 0) return attached_zero(discriminator_->forward(rows));
  return cross_entropy(discriminator_->forward(uniform), 1.0) + cross_entropy(discriminator_->forward(rows), 0.0);
}

torch::Tensor UniformityPrior::draw_uniform(const torch::Tensor& features, at::Generator generator) const {
  return at::empty_like(chunks(features.detach())).uniform_(-1.0, 1.0, generator);
}

Result<std::shared_ptr<UniformityPrior>> make_uniformity_prior(UniformityPriorOptions options, std::int64_t feature_dim,
                                                               at::Generator generator) {
  if (options.chunk_size < 1 || options.latent < 1) {
    return invalid_argument("uniformity prior: chunk size and latent width must be 1 or more, got " +
                            std::to_string(options.chunk_size) + " and " + std::to_string(options.latent));
  }
  if (feature_dim < 1 || feature_dim % options.chunk_size != 0) {
    return invalid_argument("uniformity prior: the backbone's " + std::to_string(feature_dim) +
                            " features cannot be cut into chunks of " + std::to_string(options.chunk_size) +
                            "; the chunk size must divide them");
  }
  return std::make_shared<UniformityPrior>(options, generator);
}

}  // namespace oodml::criteria
