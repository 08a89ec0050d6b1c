#include "core/base/number_text.h"

#include <charconv>
#include <cmath>

namespace oodml {

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";  // whatever its sign
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof(buffer), value).ptr};
}

}  // namespace oodml
