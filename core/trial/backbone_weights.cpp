#include "core/trial/backbone_weights.h"

#include "core/base/this_machine.h"
#include "core/catalogue/weights.h"
#include "core/identity/weights_file.h"

namespace oodml::trial {

Status load_weights(models::Network& network, const std::string& backbone, const std::string& weights,
                    const std::filesystem::path& root) {
  const std::string name = catalogue::weights_file(backbone, weights);
  if (name.empty()) return {};
  if (const auto file = identity::weights_file(root, name)) {
    return of_this_machine(models::load_backbone_weights(network, file->string()));
  }
  return not_found("weights '" + weights + "' of backbone " + backbone + ": no file " + (root / name).string() +
                   ".safetensors (nor .pth, .pth.tar, .pt); core/models/README.md says where they come from; name "
                   "their folder with --weights-root or OODML_WEIGHTS_ROOT, or set `weights: none`");
}

}  // namespace oodml::trial
