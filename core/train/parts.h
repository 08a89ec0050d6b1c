#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/seeds.h"
#include "core/catalogue/catalogue.h"
#include "core/collective/collective.h"
#include "core/criteria/criterion.h"
#include "core/criteria/uniformity_prior.h"
#include "core/data/dataset.h"
#include "core/data/loader.h"
#include "core/metrics/evaluation.h"
#include "core/miners/miner.h"
#include "core/models/backbone.h"
#include "core/samplers/batch_sampler.h"
#include "core/train/optimizer.h"
#include "core/train/parameter_groups.h"
#include "core/train/precision.h"

namespace oodml::train {

/// A set that is embedded and measured.
struct EvaluationSet {
  std::string name;  ///< test, train, val
  std::shared_ptr<const data::Dataset> dataset;
  metrics::EvaluationOptions options;
};

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
};

/// The discriminator of the uniformity prior (docs/criteria.md#uniformity-prior).
struct AdversaryOptions {
  std::int64_t every = 10;  ///< Steps between two updates; the first step has one.
  double lr = 1e-5;
  double gamma = 0.1;
  std::vector<std::int64_t> tau;
};

/// The momentum network and the queue of its keys (docs/criteria.md#moco).
struct KeyOptions {
  double momentum = 0.9;            ///< Of the network's own parameters in their moving average.
  std::int64_t queue_batches = 30;  ///< Length of the queue, batches; 0: no queue.
  std::int64_t embed_dim = 128;     ///< D
  std::string head;                 ///< Whose embeddings are keys; "": the network's embeddings.
  Precision precision = Precision::kFloat32;
};

/// Embeddings to evaluate, as the trial names them.
struct NamedEmbeddings {
  std::string name;  ///< embeds, Combined_...
  catalogue::Embeddings parts;
};

struct TrainOptions {
  torch::Device device = torch::kCPU;
  Seeds seeds{0};
  std::int64_t epochs = 0;
  std::int64_t warmup = 0;  ///< First epochs in which only heads, criterion and discriminator train.
  OptimizerOptions optimizer;
  GroupOptions groups;
  std::vector<std::int64_t> tau;  ///< Empty: constant rates.
  double gamma = 0.3;
  std::int64_t accumulate = 1;  ///< Batches whose gradients are averaged for one update.
  Precision precision = Precision::kFloat32;
  bool channels_last = false;        ///< Images and convolution weights with the channels innermost.
  bool skip_not_finite = false;      ///< Leave out updates that are NaN or infinite; else they end the run.
  bool gradient_statistics = false;  ///< Report grad_l2 and grad_max of each epoch.
  std::int64_t evaluate_every = 1;   ///< Epochs; the last is always evaluated.
  bool evaluate_before_training = false;
  std::int64_t evaluation_batch_size = 112;
  std::vector<NamedEmbeddings> embeddings = {{"embeds", {}}};  ///< That are evaluated.
  bool normalize = false;                                      ///< Joined heads are scaled to unit length.
  std::int64_t checkpoint_every = 1;                           ///< Epochs; there is always one after the last.
  std::vector<std::string> keep_best;  ///< Metrics whose best epoch is kept, for each set and embeddings.
  data::LoaderOptions training_loader, evaluation_loader;
  /// The processes that share each batch; the first of them speaks, saves and measures for all.
  std::shared_ptr<collective::Collective> replicas = std::make_shared<collective::Alone>();

  bool reads_features = false;  ///< The criterion reads feature maps and pooled features.
  bool rotate_images = false;   ///< Training images by a quarter turn times (position mod 4).
  bool update_store = true;     ///< Overwrite stored embeddings after each step, for samplers that look at them.
  AdversaryOptions adversary;
  KeyOptions keys;
};

}  // namespace oodml::train
