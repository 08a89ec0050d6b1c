#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/base/params.h"

namespace oodml::catalogue {

/// What the name of a file with initial weights may end in, in the order in which they are looked for.
inline constexpr std::array<std::string_view, 6> kWeightsEndings = {".safetensors", ".pth",  ".pth.tar",
                                                                    ".pt",          ".ckpt", ".bin"};

/// All but the first, for messages: ".pth, .pth.tar, ...".
std::string other_weights_endings();

/// Where a network of that backbone starts when a trial says `weights: <wish>`: `default` is what the references use.
/// NAME of <backbone>-NAME, or none.
std::string initial_weights(const std::string& backbone, const std::string& wish);

/// The file's name below the weights root, without its ending: resnet50-imagenet. Empty for weights `none`.
std::string weights_file(const std::string& backbone, const std::string& weights);

/// The same of a trial's values, whatever the modifiers of its arch; also empty for values without arch or weights.
std::string weights_file(const Params& trial);

}  // namespace oodml::catalogue
