#pragma once

#include <string>
#include <string_view>

namespace oodml {

/// "margin, triplet, snr": any list or set of texts, for messages and tables.
std::string joined(const auto& words, std::string_view separator = ", ") {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

}  // namespace oodml
