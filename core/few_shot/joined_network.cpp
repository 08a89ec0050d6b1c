#include "core/few_shot/joined_network.h"

#include <utility>

#include "core/train/embed.h"

namespace oodml::few_shot {

JoinedNetwork::JoinedNetwork(std::shared_ptr<models::Network> network, catalogue::Embeddings wanted, bool normalize,
                             bool reads_features)
    : network_(register_module("network", std::move(network))),
      wanted_(std::move(wanted)),
      normalize_(normalize),
      reads_features_(reads_features) {}

models::NetworkOutput JoinedNetwork::forward(const torch::Tensor& input, bool warmup) {
  return with_joined(reads_features_ ? network_->heads_of(input) : network_->forward(input, warmup));
}

models::NetworkOutput JoinedNetwork::heads_of(const torch::Tensor& avg_features) {
  return with_joined(network_->heads_of(avg_features));
}

models::NetworkOutput JoinedNetwork::with_joined(models::NetworkOutput output) const {
  const train::EmbeddedSet set{.embeddings = output.embeddings, .heads = std::move(output.heads), .features = {}};
  output.embeddings = train::joined_embeddings(set, wanted_, normalize_);
  output.heads.clear();
  return output;
}

}  // namespace oodml::few_shot
