#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/commands/embed_images/network.h"
#include "core/commands/images_options.h"
#include "core/commands/share_line.h"
#include "core/data/dataset.h"
#include "core/data/open_sets.h"
#include "core/train/embed.h"
#include "core/trial/trial_settings.h"

namespace oodml::commands {

/// Which network embeds which images, and how.
struct EmbeddingOptions {
  EmbeddingOptions() { images.set = "test"; }

  NetworkOptions network;
  std::filesystem::path folder;  ///< One of images, instead of a benchmark's set.
  ImagesOptions images;          ///< Without a benchmark: the trial's own sets.
  bool features = false;         ///< The pooled output instead of the embeddings.
  std::string embeddings;        ///< As evaluate.embeddings names them; empty: the first that the trial evaluates.

  std::string device;
  std::int64_t threads = 1, cpu_threads = 0, batch_size = 0;  ///< 0: those of the trial.
};

/// Everything that is decided before an image is read.
struct Embedding {
  OpenedNetwork opened;
  trial::TrialSettings settings;  ///< The trial's; of a network without one those of all defaults.
  torch::Device device = torch::kCPU;
  train::NamedEmbeddings embeddings;
  data::ImagesRequest images;
};

struct EmbeddedImages {
  torch::Tensor rows;  ///< [N, D] float32, finite.
  std::shared_ptr<const data::Dataset> dataset;
};

/// kInvalidArgument for what does not go together, as a head of initial values whose embeddings are wanted.
Result<Embedding> prepare_embedding(const EmbeddingOptions& options);

/// Embeds the images as the trial evaluates: on a CPU with the same bits. `line` is told how far that is. kDataLoss:
/// the rows are not finite.
Result<EmbeddedImages> embed_images(const EmbeddingOptions& options, Embedding& embedding, ShareLine& line);

}  // namespace oodml::commands
