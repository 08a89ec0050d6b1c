#include "core/identity/weights_file.h"

#include "core/catalogue/weights.h"

namespace oodml::identity {

std::optional<std::filesystem::path> weights_file(const std::filesystem::path& root, const std::string& name) {
  std::error_code ignored;
  for (const std::string_view ending : catalogue::kWeightsEndings) {
    const std::filesystem::path path = root / (name + std::string(ending));
    if (std::filesystem::exists(path, ignored)) return path;
  }
  return std::nullopt;
}

}  // namespace oodml::identity
