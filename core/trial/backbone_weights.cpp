#include "core/trial/backbone_weights.h"

#include "core/base/this_machine.h"
#include "core/catalogue/weights.h"

namespace oodml::trial {

Status load_weights(models::Network& network, const std::string& backbone, const std::string& weights,
                    const std::filesystem::path& root) {
  const std::string name = catalogue::weights_file(backbone, weights);
  if (name.empty()) return {};
  for (const std::string_view ending : catalogue::kWeightsEndings) {
    const std::filesystem::path path = root / (name + std::string(ending));
    std::error_code error;
    if (std::filesystem::exists(path, error)) return of_this_machine(models::load_backbone_weights(network, path.string()));
    if (error) return system_failure("look for weights " + path.string(), error.value());
  }
  return not_found("weights '" + weights + "' of backbone " + backbone + ": no file " + (root / name).string() +
                   ".safetensors (nor .pth, .pth.tar, .pt); core/models/README.md says where they come from; name "
                   "their folder with --weights-root or OODML_WEIGHTS_ROOT, or set `weights: none`");
}

}  // namespace oodml::trial
