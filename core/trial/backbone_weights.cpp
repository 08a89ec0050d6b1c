#include "core/trial/backbone_weights.h"

namespace oodml::trial {

Status load_weights(models::Network& network, const std::string& backbone, const std::string& weights,
                    const std::filesystem::path& root) {
  if (weights == "none") return {};
  const std::string name = backbone + "-" + weights;
  for (const char* ending : {".safetensors", ".pth", ".pth.tar", ".pt"}) {
    const std::filesystem::path path = root / (name + ending);
    if (std::filesystem::exists(path)) return models::load_backbone_weights(network, path.string());
  }
  return not_found("weights '" + weights + "' of backbone " + backbone + ": no file " + (root / name).string() +
                   ".safetensors (nor .pth, .pth.tar, .pt); core/models/README.md says where they come from; name "
                   "their folder with --weights-root or OODML_WEIGHTS_ROOT, or set `weights: none`");
}

}  // namespace oodml::trial
