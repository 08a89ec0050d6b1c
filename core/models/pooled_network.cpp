#include "core/models/pooled_network.h"

namespace oodml::models {

void PooledNetwork::add_heads(const NetworkOptions& options) {
  const auto start = arch_.kaiming_head ? Linear::Start::kFanOut : Linear::Start::kFanIn;
  const auto made = [&] { return std::make_shared<Linear>(feature_dim_, options.embed_dim, options.generator, start); };
  if (!options.arch.several_heads) {
    heads_.emplace_back("", register_module("last_linear", made()));
    return;
  }
  // The references call them last_linear.<head>.weight.
  const auto all = register_module("last_linear", std::make_shared<torch::nn::Module>());
  for (const std::string& name : catalogue::head_names()) heads_.emplace_back(name, all->register_module(name, made()));
}

// Means and maxima over the two axes instead of adaptive pooling: their backward is deterministic on a GPU too. Maps
// with lp pooling are never negative, and a norm's gradient at zero is zero where the references' is not a number.
torch::Tensor PooledNetwork::pool(const torch::Tensor& features) const {
  auto pooled = features.mean({2, 3});
  if (arch_.double_pool) pooled = pooled + features.amax({2, 3});
  if (arch_.lp2_pool) pooled = pooled + at::linalg_vector_norm(features, 2, at::IntArrayRef({2, 3}));
  if (arch_.lp3_pool) pooled = pooled + at::linalg_vector_norm(features, 3, at::IntArrayRef({2, 3}));
  return pooled;
}

PooledNetwork::Features PooledNetwork::features_of(const torch::Tensor& images) {
  auto map = feature_map(images);
  auto pooled = pool(map);
  return {std::move(map), std::move(pooled)};
}

NetworkOutput PooledNetwork::forward(const torch::Tensor& images, bool warmup) {
  Features features;
  {
    const at::AutoGradMode record(at::GradMode::is_enabled() && !warmup);
    features = features_of(images);
  }
  NetworkOutput output = heads_of(features.pooled);
  output.features = std::move(features.map);
  return output;
}

NetworkOutput PooledNetwork::heads_of(const torch::Tensor& avg_features) {
  NetworkOutput output;
  output.avg_features = avg_features;
  const auto pooled = before_heads(avg_features);  // [B, F]
  for (const auto& [name, head] : heads_) {
    const auto embeddings = embed(*head, pooled);  // [B, D]
    if (!output.embeddings.defined()) output.embeddings = embeddings;
    if (!name.empty()) output.heads[name] = embeddings;
  }
  return output;
}

torch::Tensor PooledNetwork::embed(const Linear& head, const torch::Tensor& pooled) const {
  auto rows = head.forward(pooled);
  // Unit length needs more digits than half precision has.
  if (at::isReducedFloatingType(rows.scalar_type())) rows = rows.to(torch::kFloat32);
  return arch_.normalize ? rows / rows.norm(2, {1}, true).clamp_min(1e-12) : rows;
}

}  // namespace oodml::models
