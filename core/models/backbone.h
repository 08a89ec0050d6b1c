#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/models/tensor_file.h"
#include "core/scripts/access.h"

namespace oodml::models {

/// docs/models.md#what-a-backbone-returns.
struct NetworkOutput {
  torch::Tensor features;      ///< [B, F, h, w], last feature map
  torch::Tensor avg_features;  ///< [B, F], pooled, not normalised
  torch::Tensor embeddings;    ///< [B, D], unit rows iff the arch says normalize; of several heads the first
  /// [B, D] each, unit rows iff the arch says normalize: every head of a multifeature_ arch by name; else empty.
  std::map<std::string, torch::Tensor> heads;
};

/// What images are brought to before a network sees them: (level / 255 - mean) / std, channels red, green, blue.
struct InputStatistics {
  std::array<float, 3> mean, std;
};

/// A backbone with pooling and a linear head `last_linear`, or one `last_linear.<name>` for each of
/// catalogue::head_names().
class Network : public torch::nn::Module {
 public:
  /// images [B, 3, H, W] float. With `warmup` the backbone runs without recording gradients, so only the
  /// head gets one.
  virtual NetworkOutput forward(const torch::Tensor& images, bool warmup) = 0;
  /// The heads alone: of pooled features [B, F] as forward() gives them in avg_features, what it makes of them.
  /// `features` of the output stay undefined.
  virtual NetworkOutput heads_of(const torch::Tensor& avg_features) = 0;
  virtual std::int64_t feature_dim() const = 0;
  /// Parameter names that belong to the head start with "last_linear.".

  /// Beginnings of the names that the library's weight files have beside the backbone's: its classifiers.
  virtual std::vector<std::string_view> library_classifiers() const { return {"fc."}; }
  /// Buffers that the library's weight files have no word for, with the values that go with such weights.
  virtual NamedTensors beside_library_weights() const { return {}; }
  /// Where the network says it itself, instead of the table by its name (core/images/normalisation.h).
  virtual std::optional<InputStatistics> input_statistics() const { return std::nullopt; }
  /// From now on it sees the `part`-th of equal parts of a batch, counted from 0 (share_batches.h): for networks whose
  /// draws are not those of models::Dropout.
  virtual void take_part(std::int64_t /*part*/) {}
};

/// What a script needs to know of the trial, beside what any backbone does.
struct ScriptOptions {
  scripts::Access access;
  std::int64_t crop_size = 224;  ///< Side of the images, pixels.
  std::int64_t replicas = 1;     ///< Processes that a batch is divided among.
};

/// `arch` as catalogue::parse_arch takes it apart; initial values come from `generator` (CPU).
/// Parameter and buffer names are torchvision's, with `last_linear` for the classifier.
/// train() keeps the batch norms of a `frozen` arch in evaluation mode. `script` is read for an arch script:FILE.pt
/// only (script_backbone.h).
Result<std::shared_ptr<Network>> make_network(const std::string& arch, std::int64_t embed_dim, at::Generator generator,
                                              const ScriptOptions& script = {});
/// Of those of this program: without `script`, which is whatever its file is.
std::vector<std::string> backbone_names();

/// Hears, a line each, what of a file was passed over: the key it stood under, a prefix of its names.
using Remark = std::function<void(std::string)>;

/// Loads weights into the backbone (not the head). The file is safetensors or what torch.save writes, with the names of
/// the library (torchvision, timm, Cadene) or of a reference checkpoint (docs/models.md#tensor-names), in whatever
/// wrapper (weight_names.h). Strict: the failure lists missing, extra and misshapen tensors, and the backbone that the
/// file looks like; classifiers (fc.*, last_linear.*, ...) are left out.
Status load_backbone_weights(Network& network, const std::string& path, const Remark& remark = nullptr);

/// The same with the head, for a network that was trained here or with a reference. Whether the file had a head: a
/// library's has none, and the network's keeps its values.
Result<bool> load_network_weights(Network& network, const std::string& path, const Remark& remark = nullptr);

}  // namespace oodml::models
