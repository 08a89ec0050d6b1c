#include "core/models/nearest_backbone.h"

#include <ATen/CPUGeneratorImpl.h>

#include "core/base/words.h"
#include "core/models/backbone.h"
#include "core/models/weight_names.h"

namespace oodml::models {
namespace {

constexpr double kResembles = 0.5;

struct Likeness {
  std::string backbone;
  std::size_t same = 0, all = 0;
  double share() const { return all == 0 ? 0.0 : static_cast<double>(same) / static_cast<double>(all); }
};

/// How many tensors of the backbone the file has, by name and shape.
Result<Likeness> likeness(const std::string& backbone, const NamedTensors& file) {
  OODML_ASSIGN_OR_RETURN(const auto network, make_network(backbone, 1, at::make_generator<at::CPUGeneratorImpl>(0)));
  const NamedTensors targets = state_of(*network);
  WantedNames wanted;
  for (const auto& [name, tensor] : targets) {
    const bool of_library = !name.starts_with("last_linear.") && !name.ends_with(".num_batches_tracked") &&
                            !network->beside_library_weights().contains(name);
    if (of_library) wanted.all.insert(name);
  }
  wanted.needed = wanted.all;
  OODML_ASSIGN_OR_RETURN(const RenamedTensors renamed, without_wrappers(file, wanted));
  Likeness found{.backbone = backbone, .all = wanted.all.size()};
  for (const std::string_view name : wanted.all) {
    const auto tensor = renamed.tensors.find(std::string(name));
    found.same +=
        tensor != renamed.tensors.end() && tensor->second.sizes() == targets.at(tensor->first).sizes() ? 1 : 0;
  }
  return found;
}

}  // namespace

std::string nearest_backbone(const NamedTensors& file) {
  Likeness best;
  for (const std::string& name : backbone_names()) {
    const auto found = likeness(name, file);
    if (found && found->share() > best.share()) best = *found;
  }
  if (best.share() < kResembles) return "it is none of the known backbones, " + joined(backbone_names());
  return "it has " + std::to_string(best.same) + " of the " + std::to_string(best.all) + " tensors of " +
         best.backbone + ", the nearest of the known backbones";
}

}  // namespace oodml::models
