#include "core/embedding_files/label_text.h"

#include <cmath>
#include <cstdint>

#include "core/base/printable.h"
#include "core/base/utf8.h"
#include "core/embedding_files/decimal.h"

namespace oodml::embedding_files {
namespace {

constexpr double kMostExact = 9007199254740992.0;  // 2^53; above it doubles skip integers

/// An integer without a sign or with '-', which stays as it is written: 007 is not 7.
bool is_integer_text(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return is_plain_integer(text);
}

}  // namespace

std::string as_label(std::string text) { return first_invalid_utf8(text) ? printable(text, std::string::npos) : text; }

Result<std::string> label_of(double value, const std::string& place) {
  if (value == std::trunc(value) && std::abs(value) <= kMostExact) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  return invalid_argument(place + " is no label: these are integers or texts");
}

Result<std::string> label_of(const Field& field, const std::string& place) {
  const std::string shown = place + ": '" + printable(field.text, 40) + "'";
  if (field.text.empty()) return invalid_argument(place + ": the label is empty");
  if (field.is_quoted) return as_label(content_of(field));
  if (is_missing(field.text)) {
    return invalid_argument(shown + " for a label; if it is the name of a class, put it in quotes");
  }
  if (field.text.starts_with('"')) return invalid_argument(shown + " begins with a quote that does not end");
  if (is_integer_text(field.text)) return std::string(field.text);
  const auto number = parse_decimal(field.text, '.');
  if (number) return label_of(*number, shown);
  if (const auto with_comma = parse_decimal(field.text, ',')) return label_of(*with_comma, shown);
  return as_label(std::string(field.text));
}

}  // namespace oodml::embedding_files
