#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/catalogue/catalogue.h"
#include "core/models/backbone.h"
#include "core/models/layers.h"

namespace oodml::models {

/// What a backbone is made from.
struct NetworkOptions {
  catalogue::Arch arch;
  std::int64_t embed_dim = 128;
  at::Generator generator;  ///< For initial values, on the CPU; the backbone draws first, then the heads in order.
};

/// The contract of docs/models.md#what-a-backbone-returns: feature map -> global pooling -> last_linear, or one linear
/// head a branch with a multifeature_ arch, each normalised on its own. A backbone derives from it, registers its
/// layers, and ends its constructor with add_heads().
class PooledNetwork : public Network {
 public:
  NetworkOutput forward(const torch::Tensor& images, bool warmup) final;
  NetworkOutput heads_of(const torch::Tensor& avg_features) final;
  std::int64_t feature_dim() const final { return feature_dim_; }

 protected:
  PooledNetwork(catalogue::Arch arch, std::int64_t feature_dim) : arch_(std::move(arch)), feature_dim_(feature_dim) {}
  void add_heads(const NetworkOptions& options);
  struct Features {
    torch::Tensor map;     ///< [B, F, h, w]
    torch::Tensor pooled;  ///< [B, F]
  };
  /// By default the map and its pooling: for a network that pools in a way of its own.
  virtual Features features_of(const torch::Tensor& images);
  /// [B, 3, H, W] -> [B, F, h, w]
  virtual torch::Tensor feature_map(const torch::Tensor& images) = 0;
  /// [B, F, h, w] -> [B, F], as the arch says.
  torch::Tensor pool(const torch::Tensor& features) const;
  /// What the heads see of the pooled features [B, F]: a network with dropout before its classifier overrides it.
  virtual torch::Tensor before_heads(const torch::Tensor& pooled) { return pooled; }

 private:
  torch::Tensor embed(const Linear& head, const torch::Tensor& pooled) const;

  catalogue::Arch arch_;
  std::int64_t feature_dim_;
  std::vector<std::pair<std::string, std::shared_ptr<Linear>>> heads_;  ///< One without a name, or several.
};

}  // namespace oodml::models
