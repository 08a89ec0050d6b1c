#include "core/trial/parameter_info.h"

namespace oodml::trial {

std::string parameter_info(const job::TrialSpec& spec) {
  std::string text;
  for (const auto& [key, value] : spec.values) text += key + "\n\t" + to_text(value) + "\n\n";
  return text;
}

}  // namespace oodml::trial
