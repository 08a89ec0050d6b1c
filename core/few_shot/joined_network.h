#pragma once

#include <memory>
#include <vector>

#include "core/catalogue/catalogue.h"
#include "core/models/backbone.h"

namespace oodml::few_shot {

/// A network whose `embeddings` are what an episode adapts or measures: those of a network with one head, or several
/// heads times their weights, joined and scaled (docs/metrics.md#embeddings). What it is given are images, or pooled
/// features [B, F] when it `reads_features`.
class JoinedNetwork final : public models::Network {
 public:
  JoinedNetwork(std::shared_ptr<models::Network> network, catalogue::Embeddings wanted, bool normalize,
                bool reads_features);

  models::NetworkOutput forward(const torch::Tensor& input, bool warmup) override;
  models::NetworkOutput heads_of(const torch::Tensor& avg_features) override;
  std::int64_t feature_dim() const override { return network_->feature_dim(); }

 private:
  models::NetworkOutput with_joined(models::NetworkOutput output) const;

  std::shared_ptr<models::Network> network_;
  catalogue::Embeddings wanted_;
  bool normalize_, reads_features_;
};

}  // namespace oodml::few_shot
