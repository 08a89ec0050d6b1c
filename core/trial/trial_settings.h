#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/params.h"
#include "core/catalogue/catalogue.h"
#include "core/criteria/uniformity_prior.h"
#include "core/few_shot/options.h"
#include "core/job/trial_spec.h"
#include "core/metrics/evaluation.h"
#include "core/train/train_options.h"

namespace oodml::trial {

/// A trial's values with their types: made once from the specification, whose keys are text.
struct TrialSettings {
  std::string benchmark;
  std::string layout;      ///< "default": as the catalogue says.
  std::string split;       ///< An id, or "default".
  std::string split_file;  ///< Relative to the benchmark's folder.
  std::string validation;  ///< none, split, classes, samples
  double validation_fraction = 0.2;
  std::string test_benchmark;  ///< none, or whose default test set is tested on.
  std::string test_layout;     ///< Of test_benchmark.
  std::int64_t images_per_class = 0;
  bool skip_unreadable_images = false;

  std::string arch;
  std::string backbone;
  std::string weights;  ///< none, or NAME of <backbone>-NAME.safetensors.
  std::int64_t embed_dim = 128;

  ComponentChoice criterion, miner, sampler;
  bool reads_keys = false;                            ///< The criterion contrasts with a momentum network's keys.
  criteria::UniformityPriorOptions uniformity_prior;  ///< Off when its weight is 0.
  std::uint64_t seed = 0;
  std::int64_t batch_size = 112, samples_per_class = 2, steps_per_epoch = 0;
  bool compat_paper = false;
  std::int64_t cpu_threads = 1;
  std::int64_t replicas = 1;
  std::int64_t keep_checkpoints = 1;
  std::int64_t cache_mib = 0;  ///< Memory for decoded images.

  std::vector<std::string> sets;
  metrics::EvaluationOptions evaluation;
  bool cluster_by_train_classes = false;

  bool log_csv = false, log_tensorboard = false;

  few_shot::FewShotOptions few_shot;  ///< What follows the training; off with 0 shots.

  train::TrainOptions train;  ///< Its device is still the default.
};

/// `threads`: what the slot offers for loading images, where the trial does not say.
Result<TrialSettings> settings_of(const job::TrialSpec& spec, std::int64_t threads);

}  // namespace oodml::trial
