#include "core/identity/weights_files.h"

#include <string_view>

#include "core/catalogue/weights.h"

namespace oodml::identity {
namespace {

namespace fs = std::filesystem;
using catalogue::kWeightsEndings;

}  // namespace

std::optional<fs::path> weights_file(const fs::path& root, const std::string& name) {
  std::error_code ignored;
  for (const std::string_view ending : kWeightsEndings) {
    const fs::path path = root / (name + std::string(ending));
    if (fs::exists(path, ignored)) return path;
  }
  return std::nullopt;
}

std::map<std::string, fs::path> weights_files(const fs::path& root) {
  std::map<std::string, fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
    const std::string file = entry->path().filename().native();
    for (const std::string_view ending : kWeightsEndings) {
      if (!file.ends_with(ending) || file.size() == ending.size()) continue;
      const std::string name = file.substr(0, file.size() - ending.size());
      if (const auto chosen = weights_file(root, name)) files.emplace(name, *chosen);
    }
  }
  return files;
}

}  // namespace oodml::identity
