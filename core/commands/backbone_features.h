#pragma once

#include <torch/types.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/scripts/access.h"

namespace oodml::commands {

/// What features come from (docs/splits.md#features).
struct BackboneOptions {
  std::string arch = "resnet50_frozen_normalize", weights = "default", weights_root, device;
  std::int64_t threads = 1, batch_size = 112, resize = 256, crop_size = 224;
  scripts::Access scripts;
};

/// Adds --arch, --weights and the others; they fill `options`.
void add_backbone(CLI::App& command, BackboneOptions& options);

/// `what` goes on and `share` of it is done.
using ShowShare = std::function<void(std::string_view what, double share)>;
/// rows [B, F] float, pooled and not normalised, on the backbone's device; labels [B] int64.
using TakeFeatures = std::function<void(const torch::Tensor& rows, const torch::Tensor& labels)>;

/// Gives the backbone's features of all samples to `take`, batch by batch in order: evaluation mode and transform. A
/// backbone without weights has the values of a fixed seed.
Status backbone_features(const std::shared_ptr<const data::Dataset>& dataset, const BackboneOptions& options,
                         const ShowShare& progress, const TakeFeatures& take);

}  // namespace oodml::commands
