#include "core/models/pooled_network.h"

namespace oodml::models {

void PooledNetwork::add_head(const NetworkOptions& options) {
  last_linear_ = register_module(
      "last_linear", std::make_shared<Linear>(feature_dim_, options.embed_dim, options.generator));
}

// Means and maxima over the two axes instead of adaptive pooling: their backward is deterministic on a GPU too.
torch::Tensor PooledNetwork::pool(const torch::Tensor& features) const {
  const auto average = features.mean({2, 3});
  return double_pool_ ? average + features.amax({2, 3}) : average;
}

NetworkOutput PooledNetwork::forward(const torch::Tensor& images, bool warmup) {
  NetworkOutput output;
  {
    const at::AutoGradMode record(at::GradMode::is_enabled() && !warmup);
    output.features = feature_map(images);           // [B, F, h, w]
    output.avg_features = pool(output.features);     // [B, F]
  }
  output.embeddings = last_linear_->forward(output.avg_features);  // [B, D]
  if (normalize_) {
    output.embeddings = output.embeddings / output.embeddings.norm(2, {1}, true).clamp_min(1e-12);
  }
  return output;
}

}  // namespace oodml::models
