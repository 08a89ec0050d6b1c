#include "core/catalogue/lists.h"

namespace oodml::catalogue {

std::vector<Component> criteria() {
  std::vector<Component> all;
  for (auto list : {tuple_criteria(), pair_criteria(), proxy_criteria(), diva_criteria(), distillation_criteria(),
                    flow_criteria(), script_criteria()}) {
    all.insert(all.end(), list.begin(), list.end());
  }
  return all;
}

}  // namespace oodml::catalogue
