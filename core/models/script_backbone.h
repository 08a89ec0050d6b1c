#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/models/backbone.h"
#include "core/models/pooled_network.h"

namespace oodml::models {

/// The backbone of an arch script:FILE.pt, with heads of ours. The module gets images [B, 3, H, W] and returns features
/// [B, F], a map [B, F, h, w] that is pooled as ours, or both, as a tuple (features, map) or a dict with these keys.
/// Its attributes say, where it has them, feature_width (F), input_size (H, or [H, W] and [3, H, W] with H = W), mean
/// and std of its images.
///
/// Before it is accepted it sees two images in each mode: its features must have one width, evaluation must neither
/// draw nor change buffers, and batch norms that are not `frozen` must follow the images in training. kInvalidArgument
/// says what was found and what is accepted. See docs/pytorch.md#backbones.
Result<std::shared_ptr<Network>> make_script_backbone(const NetworkOptions& options, const ScriptOptions& script);

}  // namespace oodml::models
