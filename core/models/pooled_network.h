#pragma once

#include <memory>

#include "core/catalogue/catalogue.h"
#include "core/models/backbone.h"
#include "core/models/layers.h"

namespace oodml::models {

/// What a backbone is made from.
struct NetworkOptions {
  catalogue::Arch arch;
  std::int64_t embed_dim = 128;
  at::Generator generator;  ///< For initial values, on the CPU; the backbone draws first, then the head.
};

/// The plain single-branch contract of training.md 3.1: feature map -> global pooling -> last_linear. A
/// backbone derives from it, registers its layers, and ends its constructor with add_head().
class PooledNetwork : public Network {
 public:
  NetworkOutput forward(const torch::Tensor& images, bool warmup) final;
  std::int64_t feature_dim() const final { return feature_dim_; }

 protected:
  PooledNetwork(const catalogue::Arch& arch, std::int64_t feature_dim)
      : normalize_(arch.normalize), double_pool_(arch.double_pool), feature_dim_(feature_dim) {}
  void add_head(const NetworkOptions& options);
  /// [B, 3, H, W] -> [B, F, h, w]
  virtual torch::Tensor feature_map(const torch::Tensor& images) = 0;

 private:
  torch::Tensor pool(const torch::Tensor& features) const;

  bool normalize_, double_pool_;
  std::int64_t feature_dim_;
  std::shared_ptr<Linear> last_linear_;
};

}  // namespace oodml::models
