#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/data/loader.h"
#include "core/models/backbone.h"
#include "core/models/tensor_file.h"
#include "core/train/precision.h"

namespace oodml::train {

/// The momentum network and the queue of its keys (docs/criteria.md#moco).
struct KeyOptions {
  double momentum = 0.9;            ///< Of the network's own parameters in their moving average.
  std::int64_t queue_batches = 30;  ///< Length of the queue, batches; 0: no queue.
  std::int64_t embed_dim = 128;     ///< D
  std::string head;                 ///< Whose embeddings are keys; "": the network's embeddings.
  Precision precision = Precision::kFloat32;
};

/// averages <- momentum * averages + (1 - momentum) * values, pairwise and in place.
void moving_average(const std::vector<torch::Tensor>& averages, const std::vector<torch::Tensor>& values,
                    double momentum);
/// The queue [K, D], oldest first, with keys [B, D] behind it and as many of the oldest dropped.
torch::Tensor pushed(const torch::Tensor& queue, const torch::Tensor& keys);

/// Keys for contrast with a memory: a network that follows the trained one slowly embeds another view of each image,
/// and a queue holds its embeddings of earlier batches. The key network stays in evaluation mode, so that each key is
/// a function of its own image; the references' shuffling of the batch before it has no effect and is left out.
/// Source: He et al., CVPR 2020; docs/criteria.md#moco.
class MomentumKeys {
 public:
  /// `key_network` equals `network` at the start; both are on the training device.
  MomentumKeys(std::shared_ptr<models::Network> network, std::shared_ptr<models::Network> key_network,
               KeyOptions options);

  /// [B, D] without a graph.
  torch::Tensor embed(const torch::Tensor& images);
  const torch::Tensor& queue() const { return queue_; }

  bool filled() const { return queue_.defined(); }
  /// Fills the queue with the keys of `batches` of the training set, in order; false when keep_going said no. The
  /// failure names an image that cannot be read.
  Result<bool> fill(data::Loader& batches, const torch::Device& device, const std::function<bool()>& keep_going);
  /// After an optimiser step: the key network follows (parameters only, no buffers).
  void follow();
  /// After each batch, behind follow(): its keys join the queue. What is not finite joins as 0, similar to nothing,
  /// or every loss of the queue's length would be lost with it.
  void push(const torch::Tensor& keys);

  /// "queue" once it is filled, and "network.<name>".
  models::NamedTensors state() const;
  Status restore(const models::NamedTensors& state, const torch::Device& device);

 private:
  std::shared_ptr<models::Network> key_network_;
  KeyOptions options_;
  std::vector<torch::Tensor> key_parameters_, parameters_;  ///< pairwise
  torch::Tensor queue_;                                     ///< [K, D], oldest first
};

}  // namespace oodml::train
