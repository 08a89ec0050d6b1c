#include "core/catalogue/criteria/inner_criteria.h"

#include "core/catalogue/lists.h"

namespace oodml::catalogue {

std::vector<Component> criteria_for_inside() {
  std::vector<Component> inside;
  for (const auto& list : {tuple_criteria(), pair_criteria(), proxy_criteria()}) {
    for (const Component& criterion : list) {
      if (criterion.inputs.empty()) inside.push_back(criterion);
    }
  }
  return inside;
}

std::vector<std::string> names_for_inside() {
  std::vector<std::string> names;
  for (const Component& criterion : criteria_for_inside()) names.push_back(criterion.name);
  return names;
}

void add_inside(Component& entry) {
  for (const Component& criterion : criteria_for_inside()) {
    for (const std::string& change : criterion.paper_mode) {
      entry.paper_mode.push_back("of " + criterion.name + " inside: " + change);
    }
    for (Parameter parameter : criterion.parameters) {
      parameter.help = "of " + criterion.name + " inside: " + parameter.help;
      parameter.name = criterion.name + "_" + parameter.name;
      entry.parameters.push_back(std::move(parameter));
    }
  }
}

}  // namespace oodml::catalogue
