#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/seeds.h"
#include "core/collective/collective.h"
#include "core/data/loader.h"
#include "core/train/adversary.h"
#include "core/train/embed.h"
#include "core/train/momentum_keys.h"
#include "core/train/optimizer.h"
#include "core/train/parameter_groups.h"
#include "core/train/precision.h"
#include "core/train/selected_network.h"

namespace oodml::train {

/// How a run trains and evaluates its parts: what Trainer and TrainingStep read.
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
  std::vector<std::string> keep_best;         ///< Metrics whose best epoch is kept, for each set and embeddings.
  std::optional<SelectionOptions> selection;  ///< Keep the network of the epoch that validation selects.
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
