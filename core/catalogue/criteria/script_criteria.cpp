#include "core/catalogue/lists.h"

namespace oodml::catalogue {

std::vector<Component> script_criteria() {
  Component script =
      Entry(Kind::kCriterion, "script", "TorchScript module in a file (docs/pytorch.md)")
          .may_mine()
          .trains_parameters()
          .reads("features")
          .text("file", "", "FILE.pt, a path below the folder of scripts")
          .text("sha256", "", "of the file, 64 hexadecimal digits; not said, that of the file that is there")
          .number("lr_multi", 1.0, {.at_least = 0.0}, "learning rate of its parameters, times lr")
          .component;
  script.ours = true;
  return {script};
}

}  // namespace oodml::catalogue
