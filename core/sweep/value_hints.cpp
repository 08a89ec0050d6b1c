#include "core/sweep/value_hints.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "core/base/params.h"
#include "core/sweep/typed_value.h"

namespace oodml::sweep {
namespace {

using catalogue::ValueType;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string without(std::string text, char c) {
  std::erase(text, c);
  return text;
}

std::optional<double> number_in(std::string text) { return number_of(scalar(std::move(text), {})); }

std::string flag_hint(std::string text) {
  static constexpr std::array<std::string_view, 4> kTrue = {"yes", "on", "y", "1"};
  static constexpr std::array<std::string_view, 4> kFalse = {"no", "off", "n", "0"};
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) return "; write true";
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return "; write false";
  return "";
}

/// 010: eight to some readers, ten to others.
std::string leading_zero_hint(const std::string& text) {
  const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const std::size_t zeros = text.find_first_not_of('0', sign) - sign;
  if (zeros == 0 || zeros >= text.size() - sign || !is_digit(text[sign + zeros])) return "";
  return "; write " + text.substr(0, sign) + text.substr(sign + zeros) + ", without leading zeros";
}

/// 1,000 and 1,5: a comma groups digits for some people and begins the fraction for others.
std::string comma_hint(const std::string& text, ValueType wanted) {
  const auto comma = text.find(',');
  const bool between_digits = comma != std::string::npos && comma > 0 && is_digit(text[comma - 1]) &&
                              comma + 1 < text.size() && is_digit(text[comma + 1]);
  if (!between_digits) return "";
  const bool groups = number_in(without(text, ',')).has_value();
  std::string point = text;
  point[comma] = '.';
  const bool is_fraction = wanted == ValueType::kNumber && number_in(point).has_value();
  if (groups && is_fraction && text.size() - comma == 4) return "; write " + without(text, ',') + " or " + point;
  if (is_fraction) return "; write " + point + ", with a point";
  return groups ? "; write " + without(text, ',') : "";
}

std::string number_hint(const std::string& text, ValueType wanted) {
  if (const std::string hint = leading_zero_hint(text); !hint.empty()) return hint;
  if (const std::string hint = comma_hint(text, wanted); !hint.empty()) return hint;
  const auto grouped = number_in(without(text, '_'));
  const bool whole = grouped && *grouped == std::floor(*grouped) && std::abs(*grouped) < 1e15;
  if (wanted == ValueType::kInteger && whole) return "; write " + std::to_string(static_cast<std::int64_t>(*grouped));
  if (wanted == ValueType::kNumber && grouped && text.find('_') != std::string::npos) {
    return "; write " + without(text, '_');
  }
  if (text.ends_with('%')) {
    const auto percent = number_in(text.substr(0, text.size() - 1));
    return percent ? "; write " + to_display_text(Value(*percent / 100)) : "";
  }
  const auto dash = text.find('-', 1);
  if (wanted == ValueType::kInteger && dash != std::string::npos) {
    const std::string low = text.substr(0, dash), high = text.substr(dash + 1);
    const bool is_range = integer_of(scalar(low, {})) && integer_of(scalar(high, {}));
    return is_range ? "; a range is an axis of `matrix:`, written " + low + ".." + high : "";
  }
  return "";
}

}  // namespace

std::string hint_of(const Node& node, ValueType wanted) {
  if (node.is_list()) return "; several values make an axis of `matrix:`";
  if (!node.is_scalar()) return "";
  switch (wanted) {
    case ValueType::kFlag:
      return flag_hint(node.text);
    case ValueType::kInteger:
    case ValueType::kNumber:
      return number_hint(node.text, wanted);
    default:
      return "";
  }
}

}  // namespace oodml::sweep
