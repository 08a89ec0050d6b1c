#pragma once

#include <filesystem>
#include <string>

namespace oodml::coordinator::artifacts {

/// Where a content lies below the store's folder, by its SHA-256: content/ab/abcdef...
inline std::filesystem::path content_home(const std::filesystem::path& root, const std::string& sha256) {
  return root / "content" / sha256.substr(0, 2) / sha256;
}

}  // namespace oodml::coordinator::artifacts
