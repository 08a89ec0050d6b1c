#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/result.h"
#include "core/base/seeds.h"
#include "core/data/dataset.h"
#include "core/images/transform.h"

namespace oodml::data {

struct LoaderOptions {
  images::TransformOptions transform;
  std::int64_t threads = 1;
  std::int64_t prefetch_batches = 4;
  bool second_view = false;     ///< Also transform each image a second time, with draws of its own.
  std::size_t first_place = 0;  ///< Place of a batch's first image in the whole batch, of which this loads a part.
  bool pin_memory = false;      ///< Batches in page-locked memory, for asynchronous copies to a GPU; needs one.
};

struct Batch {
  torch::Tensor images;       ///< [B, 3, H, W] float
  torch::Tensor second_view;  ///< As images, the same in another augmentation; undefined unless asked for.
  torch::Tensor labels;       ///< [B] int64, positions in the dataset's class_names
  torch::Tensor positions;    ///< [B] int64, positions in the dataset
};

/// Loads a fixed list of batches in order on several threads. The tensors are a function of (seeds, epoch,
/// batch number, place in the whole batch) alone: neither the thread count nor where reading starts matters.
class Loader {
 public:
  /// batches[i] lists positions in the dataset. Reading starts at batch `first`. The random streams are
  /// seeds.stream("augmentation" or "second_view", {epoch, batch, place}).
  Loader(std::shared_ptr<const Dataset> dataset, LoaderOptions options, std::vector<std::vector<std::int64_t>> batches,
         Seeds seeds, std::uint64_t epoch, std::size_t first = 0);
  ~Loader();  ///< Stops and joins the threads.

  /// The next batch; an undefined `images` after the last. The failure names the image. Never called again
  /// after a failure.
  Result<Batch> next();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace oodml::data
