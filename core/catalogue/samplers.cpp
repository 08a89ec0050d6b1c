#include "core/catalogue/lists.h"

namespace oodml::catalogue {

std::vector<Component> samplers() {
  return {Entry(Kind::kSampler, "class_random", "Classes drawn with replacement, then images of each with replacement")
              .number("internal_split", 1.0, {.at_most = 1.0, .above = 0.0},
                      "share of the classes (and draws) that come first in the batch; 1 is off")
              .flag("ssl_set", false, "draw half a batch and repeat it once, with other augmentation")
              .from("Roth et al., ICML 2020")
              .component};
}

}  // namespace oodml::catalogue
