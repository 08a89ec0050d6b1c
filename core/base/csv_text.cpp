#include "core/base/csv_text.h"

#include <cmath>

#include "core/base/number_text.h"

namespace oodml {

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

std::string csv_number(double value) { return std::isfinite(value) ? number_text(value) : ""; }

}  // namespace oodml
