#include "core/sweep/typed_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/catalogue/catalogue.h"
#include "core/sweep/value_hints.h"

namespace oodml::sweep {
namespace {

using catalogue::Parameter;
using catalogue::ValueType;

template <typename T>
std::optional<T> spelled(const Node& node) {
  if (!node.is_scalar() || node.quoted) return std::nullopt;
  std::string_view text = node.text;
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  // 010 is eight to some readers and ten to others.
  if (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9') return std::nullopt;
  T value{};
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

/// One value of a scalar type, or of the item type of a list.
class Scalar {
 public:
  Scalar(const Parameter& parameter, const std::string& key, Diagnostics& diagnostics)
      : parameter_(parameter), key_(key), diagnostics_(diagnostics) {}

  std::optional<bool> flag(const Node& node) const {
    const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
      return node.is_scalar() && !node.quoted && std::find(words.begin(), words.end(), node.text) != words.end();
    };
    if (is_one_of({"true", "True", "TRUE"})) return true;
    if (is_one_of({"false", "False", "FALSE"})) return false;
    return wrong_type(node, "true or false", ValueType::kFlag);
  }

  std::optional<std::int64_t> integer(const Node& node) const {
    const auto value = spelled<std::int64_t>(node);
    if (!value) return wrong_type(node, "an integer", ValueType::kInteger);
    if (!in_range(node, static_cast<double>(*value))) return std::nullopt;
    return value;
  }

  std::optional<double> number(const Node& node) const {
    const auto value = spelled<double>(node);
    if (!value) return wrong_type(node, "a number", ValueType::kNumber);
    if (!std::isfinite(*value)) return wrong_type(node, "a finite number", ValueType::kNumber);
    if (!in_range(node, *value)) return std::nullopt;
    return *value == 0.0 ? 0.0 : *value;  // -0.0 and 0.0 are one value and one fingerprint
  }

  std::optional<std::string> text(const Node& node) const {
    if (!node.is_scalar()) return wrong_type(node, "a text", ValueType::kText);
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::any_of(node.text.begin(), node.text.end(), is_control)) {
      diagnostics_.error(node.place, key_ + " must not hold control characters");
      return std::nullopt;
    }
    const auto& choices = parameter_.choices;
    if (choices.empty() || std::find(choices.begin(), choices.end(), node.text) != choices.end()) return node.text;
    diagnostics_.error(node.place, key_ + " must be " + parameter_.range_text() + ", got " + shown(node) +
                                       catalogue::did_you_mean(node.text, choices));
    return std::nullopt;
  }

 private:
  std::nullopt_t wrong_type(const Node& node, const std::string& wanted, ValueType type) const {
    const std::string range = parameter_.choices.empty() ? parameter_.range_text() : "";
    const bool quoted = node.is_scalar() && node.quoted;
    diagnostics_.error(node.place, key_ + " must be " + wanted + (range.empty() ? "" : ", " + range) + ", got " +
                                       (quoted ? "the text " : "") + shown(node) +
                                       (quoted ? "; write it without quotes" : hint_of(node, type)));
    return std::nullopt;
  }

  bool in_range(const Node& node, double value) const {
    const Parameter& p = parameter_;
    const bool inside = !(p.at_least && value < *p.at_least) && !(p.at_most && value > *p.at_most) &&
                        !(p.above && value <= *p.above) && !(p.below && value >= *p.below);
    if (!inside) diagnostics_.error(node.place, key_ + " must be " + p.range_text() + ", got " + node.text);
    return inside;
  }

  const Parameter& parameter_;
  const std::string& key_;
  Diagnostics& diagnostics_;
};

template <typename T, typename ReadItem>
std::optional<Value> list_of(const Node& node, ReadItem read_item) {
  std::vector<T> values;
  bool good = true;
  const auto add = [&](const Node& item) {
    const std::optional<T> value = read_item(item);
    good = good && value.has_value();
    if (value) values.push_back(*value);
  };
  if (node.is_list()) {
    std::for_each(node.items.begin(), node.items.end(), add);
  } else {
    add(node);
  }
  if (!good) return std::nullopt;
  return Value(std::move(values));
}

/// The list, unless the parameter wants an interval and it is none.
std::optional<Value> checked_interval(std::optional<Value> list, const Parameter& parameter, const std::string& key,
                                      const Node& node, Diagnostics& diagnostics) {
  if (!list || !parameter.is_interval) return list;
  const auto& numbers = std::get<std::vector<double>>(*list);
  if (numbers.size() == 2 && numbers[0] < numbers[1]) return list;
  diagnostics.error(node.place, key + " must be " + parameter.range_text() + ", got " + to_display_text(*list));
  return std::nullopt;
}

template <typename T>
std::optional<Value> as_value(const std::optional<T>& value) {
  if (!value) return std::nullopt;
  return Value(*value);
}

}  // namespace

std::optional<Value> typed_value(const Parameter& parameter, const std::string& key, const Node& node,
                                 Diagnostics& diagnostics) {
  const Scalar scalar(parameter, key, diagnostics);
  switch (parameter.type) {
    case ValueType::kFlag:
      return as_value(scalar.flag(node));
    case ValueType::kInteger:
      return as_value(scalar.integer(node));
    case ValueType::kNumber:
      return as_value(scalar.number(node));
    case ValueType::kText:
      return as_value(scalar.text(node));
    case ValueType::kIntegers:
      return list_of<std::int64_t>(node, [&](const Node& item) { return scalar.integer(item); });
    case ValueType::kNumbers:
      return checked_interval(list_of<double>(node, [&](const Node& item) { return scalar.number(item); }), parameter,
                              key, node, diagnostics);
    case ValueType::kTexts:
      return list_of<std::string>(node, [&](const Node& item) { return scalar.text(item); });
  }
  return std::nullopt;
}

std::optional<std::int64_t> integer_of(const Node& node) { return spelled<std::int64_t>(node); }

std::optional<double> number_of(const Node& node) { return spelled<double>(node); }

}  // namespace oodml::sweep
