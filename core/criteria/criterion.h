#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/params.h"
#include "core/base/result.h"
#include "core/miners/miner.h"
#include "core/scripts/access.h"

namespace oodml::criteria {

/// What a training step hands to its criterion; all on one device. Beside embeddings and labels a tensor is
/// defined only for criteria whose catalogue entry says that they read it.
struct BatchOutput {
  torch::Tensor embeddings;                    ///< [B, D] float, attached to the graph
  torch::Tensor labels;                        ///< [B] int64 in [0, n_classes)
  torch::Tensor features;                      ///< [B, F, h, w], last feature map
  torch::Tensor avg_features;                  ///< [B, F], pooled
  std::map<std::string, torch::Tensor> heads;  ///< [B, D] each, by name: the embeddings of a network with several
  torch::Tensor keys;       ///< [B, D], the momentum network's embeddings of another view of the images
  torch::Tensor queue;      ///< [K, D], earlier keys, oldest first
  torch::Tensor rotation;   ///< [B] int64 in {0, 1, 2, 3}: by how many quarter turns each image was rotated
  at::Generator generator;  ///< For the criterion's own draws: of that device, seeded for the step by the caller.
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
  /// `tuples` is empty for criteria without a miner. Throws std::invalid_argument on mismatched shapes.
  virtual torch::Tensor forward(const BatchOutput& batch, const std::optional<miners::Tuples>& tuples) = 0;
  virtual std::vector<ParameterGroup> parameter_groups() const { return {}; }
  /// Those that mine for the criteria inside of it (s2sd, diva): tuples given to forward are not read then.
  virtual std::vector<const miners::Miner*> miners_inside() const { return {}; }
};

struct CriterionContext {
  std::int64_t embed_dim = 128;
  std::int64_t feature_dim = 0;  ///< F of the backbone; 0 when there is none
  std::int64_t n_classes = 1;
  double lr = 1e-5;  ///< of the network; multipliers refer to it
  std::string arch;  ///< as in resnet50_frozen_normalize; npair scales with bninception
  ComponentChoice miner = {.name = "none", .params = {}};  ///< of the trial: snr reads its name, s2sd makes more of it
  bool compat_paper = false;
  at::Generator generator;  ///< for initial values; on the CPU
  scripts::Access scripts;  ///< for the criterion `script`
};

/// Parameters are made on the CPU from the context's generator; move the module with to(device).
Result<std::shared_ptr<Criterion>> make_criterion(const ComponentChoice& choice, const CriterionContext& context);
/// Of those of this program: without `script`, which is whatever its file is.
std::vector<std::string> criterion_names();

}  // namespace oodml::criteria
