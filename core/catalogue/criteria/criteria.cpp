#include "core/catalogue/lists.h"

namespace oodml::catalogue {

std::vector<Component> criteria() {
  std::vector<Component> all;
  for (auto list : {tuple_criteria(), pair_criteria(), proxy_criteria()}) {
    all.insert(all.end(), list.begin(), list.end());
  }
  return all;
}

}  // namespace oodml::catalogue
