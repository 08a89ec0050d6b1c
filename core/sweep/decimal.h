#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace oodml::sweep {

/// mantissa * 10^exponent, exactly: 0.1 has no such double.
struct Decimal {
  std::int64_t mantissa = 0;
  int exponent = 0;

  double value() const;
};

/// Most digits of a decimal that a person writes.
inline constexpr int kMaxDecimalDigits = 15;

/// 12, -3, 0.05, 1e-5, 2.5e+3; at most 15 digits, exponents from -300 to 300. Nothing for any other text.
std::optional<Decimal> decimal_of(std::string_view text);

/// The nearest decimal with `digits` significant digits, 1 to 15; `value` is finite.
Decimal rounded(double value, int digits);

/// The shortest text, one for each number: 0.001, 100000, 3.16e-5. With an exponent below 0.0001 and from 1e15 on.
std::string shortest_text(const Decimal& decimal);

/// The mantissa at a lower or equal exponent; nothing when it has no room in 18 digits.
std::optional<std::int64_t> mantissa_at(const Decimal& decimal, int exponent);

}  // namespace oodml::sweep
