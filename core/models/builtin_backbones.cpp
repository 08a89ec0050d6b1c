#include <functional>
#include <utility>

#include "core/models/backbone.h"
#include "core/models/bit.h"
#include "core/models/bninception.h"
#include "core/models/efficientnet.h"
#include "core/models/googlenet.h"
#include "core/models/resnet.h"
#include "core/models/script_backbone.h"
#include "core/models/small_conv.h"

namespace oodml::models {
namespace {

using Factory = std::function<std::shared_ptr<Network>(const NetworkOptions&)>;

const std::vector<std::pair<std::string, Factory>>& factories() {
  static const std::vector<std::pair<std::string, Factory>> list = {
      {"resnet18", make_resnet18},       {"resnet50", make_resnet50},
      {"resnet101", make_resnet101},     {"resnext101", make_resnext101},
      {"bninception", make_bninception}, {"googlenet", make_googlenet},
      {"efficientb0", make_efficientb0}, {"bit", make_bit},
      {"small_conv", make_small_conv},
  };
  return list;
}

}  // namespace

Result<std::shared_ptr<Network>> make_network(const std::string& arch, std::int64_t embed_dim, at::Generator generator,
                                              const ScriptOptions& script) {
  OODML_ASSIGN_OR_RETURN(const catalogue::Arch parsed, catalogue::parse_arch(arch));
  if (!parsed.script.empty()) return make_script_backbone({parsed, embed_dim, std::move(generator)}, script);
  for (const auto& [name, make] : factories()) {
    if (name == parsed.backbone) return make({parsed, embed_dim, std::move(generator)});
  }
  return internal_error("backbone '" + parsed.backbone + "' is in the catalogue but has no factory");
}

std::vector<std::string> backbone_names() {
  std::vector<std::string> names;
  for (const auto& [name, make] : factories()) names.push_back(name);
  return names;
}

}  // namespace oodml::models
