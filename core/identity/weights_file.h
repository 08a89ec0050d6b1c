#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace oodml::identity {

/// The file of initial weights `name` (resnet50-imagenet) below a weights root: with the first of
/// catalogue::kWeightsEndings that is there.
std::optional<std::filesystem::path> weights_file(const std::filesystem::path& root, const std::string& name);

}  // namespace oodml::identity
