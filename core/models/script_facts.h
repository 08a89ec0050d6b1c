#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/catalogue/catalogue.h"
#include "core/models/backbone.h"
#include "core/scripts/module.h"

namespace oodml::models {

/// What a module made of images [B, 3, H, W]; at least one of the two is defined.
struct ScriptFeatures {
  torch::Tensor pooled;  ///< [B, F]
  torch::Tensor map;     ///< [B, F, h, w]
  std::string shown;     ///< What was returned, for messages.
  std::int64_t width() const { return (pooled.defined() ? pooled : map).size(1); }
};

/// One pass. Throws std::invalid_argument for whatever is no features of these images, saying what was returned.
ScriptFeatures script_features(scripts::Module& module, const torch::Tensor& images, const std::string& who);

/// What is known of a module before it is trained.
struct ScriptFacts {
  std::int64_t feature_width = 0;             ///< F
  std::optional<InputStatistics> statistics;  ///< Of its attributes mean and std.
  bool draws = false;                         ///< Passes in training draw numbers (dropout).
};

/// Reads the attributes and tries the module on two images, as script_backbone.h says; its parameters and buffers are
/// afterwards what they were, and it is in training mode. `who` starts messages.
Result<ScriptFacts> script_facts(scripts::Module& module, const catalogue::Arch& arch, const ScriptOptions& script,
                                 const std::string& who);

}  // namespace oodml::models
