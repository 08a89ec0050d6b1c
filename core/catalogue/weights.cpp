#include "core/catalogue/weights.h"

#include <vector>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"

namespace oodml::catalogue {

std::string other_weights_endings() {
  return joined(std::vector<std::string_view>(kWeightsEndings.begin() + 1, kWeightsEndings.end()));
}

std::string initial_weights(const std::string& backbone, const std::string& wish) {
  if (wish != "default") return wish;
  const Component* known = find(Kind::kBackbone, backbone);
  return known == nullptr ? "none" : known->published_weights;
}

std::string weights_file(const std::string& backbone, const std::string& weights) {
  return weights == "none" ? "" : backbone + "-" + weights;
}

std::string weights_file(const Params& trial) {
  if (!trial.has("arch") || !trial.has("weights")) return "";
  const Result<Arch> arch = parse_arch(trial.text("arch"));
  return arch ? weights_file(arch->backbone, initial_weights(arch->backbone, trial.text("weights"))) : "";
}

}  // namespace oodml::catalogue
