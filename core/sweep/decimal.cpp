#include "core/sweep/decimal.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace oodml::sweep {
namespace {

constexpr int kMaxExponent = 300;
constexpr std::int64_t kMostAligned = 1'000'000'000'000'000'000;  // 18 zeros

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Decimal without_zeros(Decimal decimal) {
  if (decimal.mantissa == 0) return {};
  for (; decimal.mantissa % 10 == 0; decimal.mantissa /= 10) ++decimal.exponent;
  return decimal;
}

/// The exponent behind e or E; nothing when there stands anything else.
std::optional<int> exponent_of(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
  text.remove_prefix(text.size() > 2 && text[1] == '+' ? 2 : 1);
  int exponent = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  if (exponent < -kMaxExponent || exponent > kMaxExponent) return std::nullopt;
  return exponent;
}

}  // namespace

double Decimal::value() const {
  const std::string text = std::to_string(mantissa) + "e" + std::to_string(exponent);
  return std::strtod(text.c_str(), nullptr);
}

std::optional<Decimal> decimal_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  Decimal decimal;
  int digits = 0, significant = 0;
  bool has_point = false;
  std::size_t at = 0;
  for (; at < text.size() && (is_digit(text[at]) || (text[at] == '.' && !has_point)); ++at) {
    if (text[at] == '.') {
      has_point = true;
      continue;
    }
    ++digits;
    if (decimal.mantissa > 0 || text[at] != '0') ++significant;
    if (significant > kMaxDecimalDigits) return std::nullopt;
    decimal.mantissa = decimal.mantissa * 10 + (text[at] - '0');
    if (has_point) --decimal.exponent;
  }
  const auto exponent = exponent_of(text.substr(at));
  if (digits == 0 || digits > kMaxExponent || !exponent) return std::nullopt;
  decimal.exponent += *exponent;
  if (negative) decimal.mantissa = -decimal.mantissa;
  return without_zeros(decimal);
}

Decimal rounded(double value, int digits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*e", digits - 1, value);
  return decimal_of(text).value_or(Decimal());
}

std::string shortest_text(const Decimal& decimal) {
  const Decimal shortest = without_zeros(decimal);
  if (shortest.mantissa == 0) return "0";
  const std::string sign = shortest.mantissa < 0 ? "-" : "";
  std::string digits = std::to_string(std::abs(shortest.mantissa));
  const int length = static_cast<int>(digits.size());
  const int first = length - 1 + shortest.exponent;  // the power of ten of the first digit
  if (first < -4 || first >= 15) {
    if (length > 1) digits.insert(1, ".");
    return sign + digits + "e" + std::to_string(first);
  }
  if (first < 0) return sign + "0." + std::string(static_cast<std::size_t>(-first - 1), '0') + digits;
  if (shortest.exponent >= 0) return sign + digits + std::string(static_cast<std::size_t>(shortest.exponent), '0');
  return sign + digits.insert(static_cast<std::size_t>(first + 1), ".");
}

std::optional<std::int64_t> mantissa_at(const Decimal& decimal, int exponent) {
  std::int64_t mantissa = decimal.mantissa;
  for (int at = decimal.exponent; at > exponent && mantissa != 0; --at) {
    if (std::abs(mantissa) > kMostAligned / 10) return std::nullopt;
    mantissa *= 10;
  }
  return mantissa;
}

}  // namespace oodml::sweep
