#include "core/images/normalisation.h"

#include <string>

namespace oodml::images {

Normalisation normalisation_of(std::string_view arch) {
  const auto contains = [&](std::string_view part) { return arch.find(part) != std::string_view::npos; };
  if (contains("script:")) return {};  // whatever its file is called; it may say its own
  // 0.0039 instead of 1/255 as in the references: inputs are 0.55 % larger than the network was trained on.
  if (contains("bninception")) return {{0.502F, 0.4588F, 0.4078F}, {0.0039F, 0.0039F, 0.0039F}, true};
  if (contains("clipi")) return {{0.48145466F, 0.4578275F, 0.40821073F}, {0.26862954F, 0.26130258F, 0.27577711F}};
  const bool is_bit = ("_" + std::string(arch) + "_").find("_bit_") != std::string::npos;
  if (is_bit) return {{0.5F, 0.5F, 0.5F}, {0.5F, 0.5F, 0.5F}};
  return {};
}

}  // namespace oodml::images
