#include "core/catalogue/did_you_mean.h"

#include "core/catalogue/catalogue.h"

namespace oodml::catalogue {

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::string close = nearest(word, known);
  return close.empty() ? "" : "; did you mean '" + close + "'?";
}

}  // namespace oodml::catalogue
