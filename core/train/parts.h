#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/criteria/criterion.h"
#include "core/criteria/uniformity_prior.h"
#include "core/data/dataset.h"
#include "core/miners/miner.h"
#include "core/models/backbone.h"
#include "core/samplers/batch_sampler.h"
#include "core/train/evaluation_set.h"
#include "core/train/sampling_policy.h"

namespace oodml::train {

/// What is trained; the trainer moves the modules to its device.
struct Parts {
  std::shared_ptr<models::Network> network;
  std::shared_ptr<criteria::Criterion> criterion;
  std::unique_ptr<miners::Miner> miner;  ///< null for criteria without one
  std::unique_ptr<samplers::BatchSampler> sampler;
  std::shared_ptr<const data::Dataset> train;
  std::vector<EvaluationSet> sets;  ///< in the order they are evaluated
  std::optional<double> split_fid;  ///< distance of training and test classes, where the split file gives it
  std::shared_ptr<models::Network> key_network;  ///< an equal copy of network for criteria that read keys, else null
  std::shared_ptr<criteria::UniformityPrior> uniformity_prior;  ///< null: off
  std::unique_ptr<SamplingPolicy> policy;  ///< Changes what sampler and miner draw; null: nothing does
};

}  // namespace oodml::train
