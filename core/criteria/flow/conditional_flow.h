#pragma once

#include <string>

#include "core/criteria/flow/coupling_block.h"

namespace oodml::criteria {

/// Which blocks of a flow see the condition, and through what (docs/criteria.md#nir).
enum class ConditionMode {
  kDense,                   ///< All, as it is.
  kDenseEmbed,              ///< All, through one net.
  kDenseEmbedMulti,         ///< All, each through a net of its own.
  kDenseEmbedMultiStacked,  ///< All; block k through the nets 0 to k in a chain.
  kStart,
  kMid,
  kEnd,  ///< Only block 0, blocks / 2, blocks - 1, as it is.
};
/// dense, dense_embed, dense_embed_multi, dense_embed_multi_stacked, start, mid, end; throws std::invalid_argument.
ConditionMode condition_mode(const std::string& name);

struct FlowOptions {
  CouplingOptions coupling;
  std::int64_t blocks = 5;
  ConditionMode mode = ConditionMode::kDense;
};

/// The condition [B, D] of each block, from one for all. Its nets are Linear(D, D) - ReLU - Linear(D, D), named
/// <k>.<layer>.*; modes without nets have no parameters.
class Conditioner final : public torch::nn::Module {
 public:
  Conditioner(const FlowOptions& options, at::Generator generator);
  /// One entry a block; undefined for a block without condition.
  std::vector<torch::Tensor> forward(const torch::Tensor& condition) const;

 private:
  FlowOptions options_;
  std::vector<std::shared_ptr<Perceptron>> nets_;
};

/// An invertible map of embeddings under a condition: coupling blocks one after the other, named <k>.
class ConditionalFlow final : public torch::nn::Module {
 public:
  ConditionalFlow(const FlowOptions& options, at::Generator generator);
  /// x [B, D], conditions as the conditioner gives them. log_det is the sum over the blocks.
  Transformed forward(const torch::Tensor& x, const std::vector<torch::Tensor>& conditions) const;
  const std::vector<std::shared_ptr<CouplingBlock>>& blocks() const { return blocks_; }

 private:
  std::vector<std::shared_ptr<CouplingBlock>> blocks_;
};

}  // namespace oodml::criteria
