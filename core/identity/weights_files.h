#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace oodml::identity {

/// The file of initial weights `name` (resnet50-imagenet) below a weights root: with the ending .safetensors, .pth, .pth.tar
/// or .pt, the first of these that is there.
std::optional<std::filesystem::path> weights_file(const std::filesystem::path& root, const std::string& name);

/// Every one below the root, by name; empty when it cannot be listed.
std::map<std::string, std::filesystem::path> weights_files(const std::filesystem::path& root);

}  // namespace oodml::identity
