#include "core/embedding_files/decimal.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>
#include <system_error>

namespace oodml::embedding_files {
namespace {

constexpr std::size_t kLongestWord = 16;

std::optional<double> parse_with_point(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  double value = 0.0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ptr != text.data() + text.size()) return std::nullopt;
  if (parsed.ec == std::errc::result_out_of_range) return std::strtod(std::string(text).c_str(), nullptr);
  if (parsed.ec != std::errc() || std::isnan(value)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<double> parse_decimal(std::string_view text, char mark) {
  if (mark == '.') return parse_with_point(text);
  if (text.find('.') != text.npos) return std::nullopt;
  std::string pointed(text);
  std::ranges::replace(pointed, mark, '.');
  return parse_with_point(pointed);
}

bool is_missing(std::string_view text) {
  static constexpr std::array<std::string_view, 14> kWords = {"",  "na",   "n/a",  "#n/a", "<na>", "nan", "-",
                                                              ".", "-nan", "null", "nil",  "none", "nat", "?"};
  if (text.size() > kLongestWord) return false;
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::count(kWords, lower) > 0;
}

bool is_plain_integer(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace oodml::embedding_files
