#pragma once

#include <cstdint>

#include "core/base/params.h"
#include "core/catalogue/catalogue.h"
#include "core/metrics/evaluation.h"
#include "core/train/train_options.h"

namespace oodml::few_shot {

/// How a trained network adapts to an episode, and how that is measured.
struct FewShotOptions {
  std::int64_t shots = 0;  ///< 0: off
  std::int64_t episodes = 10;
  ComponentChoice criterion, miner;  ///< The miner of a criterion that mines itself is none.
  std::int64_t steps = 1000;
  double lr = 3e-5;        ///< Of an episode: few_shot.lr_multi times the trial's.
  bool only_last = false;  ///< Adapt the heads alone.
  std::int64_t views =
      16;  ///< Augmentations of each support image whose features only_last draws from; 0: anew a step.
  train::UpdateRule rule = train::UpdateRule::kAdam;
  std::int64_t batch_size = 112, samples_per_class = 2;
  catalogue::Embeddings measured;  ///< The embeddings that are measured.
  catalogue::Embeddings adapted;   ///< Those that the criterion sees: the same heads, as a rule with equal weights.
  bool compat_paper = false;
  metrics::EvaluationOptions evaluation;  ///< Its clusters are the support classes of each episode.
};

/// What an episode shares with the training of its network: device, seeds, precision, loaders, size of evaluated
/// batches, whether joined heads are scaled to unit length.
using Training = train::TrainOptions;

}  // namespace oodml::few_shot
