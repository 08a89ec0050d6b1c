#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/params.h"
#include "core/base/result.h"
#include "core/miners/miner.h"

namespace oodml::criteria {

/// What a training step hands to its criterion; all on one device.
struct BatchOutput {
  torch::Tensor embeddings;    ///< [B, D] float, attached to the graph
  torch::Tensor labels;        ///< [B] int64 in [0, n_classes)
  torch::Tensor features;      ///< [B, F, h, w], last feature map; may be undefined
  torch::Tensor avg_features;  ///< [B, F], pooled; may be undefined
};

/// Parameters trained by the same optimiser at a rate of their own. Criteria never have weight decay.
struct ParameterGroup {
  std::vector<torch::Tensor> parameters;
  double lr = 0.0;
};

/// A training objective: batch -> scalar.
class Criterion : public torch::nn::Module {
 public:
  /// Returns a scalar attached to the graph; zero, never NaN, where the batch holds no usable tuple.
  /// `triplets` is empty for criteria without a miner. Throws std::invalid_argument on mismatched shapes.
  virtual torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Triplets>& triplets) = 0;
  virtual std::vector<ParameterGroup> parameter_groups() const { return {}; }
};

struct CriterionContext {
  std::int64_t embed_dim = 128;
  std::int64_t n_classes = 1;
  double lr = 1e-5;            ///< of the network; multipliers refer to it
  bool compat_paper = false;
  at::Generator generator;     ///< for initial values; on the CPU
};

/// Parameters are made on the CPU from the context's generator; move the module with to(device).
Result<std::shared_ptr<Criterion>> make_criterion(const ComponentChoice& choice, const CriterionContext& context);
std::vector<std::string> criterion_names();

}  // namespace oodml::criteria
