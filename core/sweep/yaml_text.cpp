#include "core/sweep/yaml_text.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace oodml::sweep {
namespace {

/// Safe anywhere in YAML, lists included, and never taken for a number, a flag or null.
bool is_plain(std::string_view text) {
  static constexpr std::array<std::string_view, 11> kWords = {"true", "false", "null", "yes", "no", "on",
                                                              "off",  "y",     "n",    "inf", "nan"};
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (text.empty() || !is_letter(text.front())) return false;
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  if (std::find(kWords.begin(), kWords.end(), lower) != kWords.end()) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '@' || c == '-' || c == '/';
  });
}

template <typename T>
std::string written(const T& value) {
  return to_text(Value(value));
}
std::string written(const std::string& value) { return yaml_text(value); }

template <typename T>
std::string written(const std::vector<T>& values) {
  std::string text = "[";
  for (std::size_t i = 0; i < values.size(); ++i) text += (i > 0 ? ", " : "") + written(values[i]);
  return text + "]";
}

}  // namespace

std::string yaml_text(std::string_view text) {
  // JSON's escapes are YAML's, as long as characters beyond ASCII stay as they are.
  return is_plain(text) ? std::string(text) : nlohmann::json(text).dump();
}

std::string yaml_value(const Value& value) {
  return std::visit([](const auto& typed) { return written(typed); }, value);
}

}  // namespace oodml::sweep
