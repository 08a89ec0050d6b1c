#include "core/trial/backbone_weights.h"

#include "core/base/printable.h"
#include "core/base/this_machine.h"
#include "core/catalogue/weights.h"
#include "core/identity/weights_file.h"

namespace oodml::trial {

Status load_weights(models::Network& network, const std::string& backbone, const std::string& weights,
                    const std::filesystem::path& root, const models::Remark& remark) {
  if (std::filesystem::path(weights).filename() != weights) {
    return invalid_argument("weights '" + printable(weights) + "': wanted none, default, or NAME of a file " +
                            backbone + "-NAME below the weights root, not a path");
  }
  const std::string name = catalogue::weights_file(backbone, weights);
  if (name.empty()) return {};
  if (const auto file = identity::weights_file(root, name)) {
    return of_this_machine(models::load_backbone_weights(network, file->string(), remark));
  }
  return not_found("weights '" + printable(weights) + "' of backbone " + backbone + ": no file " +
                   printable((root / name).string()) + ".safetensors (nor " + catalogue::other_weights_endings() +
                   "); core/models/README.md says where they come from; name "
                   "their folder with --weights-root or OODML_WEIGHTS_ROOT, or set `weights: none`");
}

}  // namespace oodml::trial
