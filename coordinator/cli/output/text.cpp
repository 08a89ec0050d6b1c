#include "coordinator/cli/output/text.h"

#include <cmath>
#include <cstdio>
#include <iterator>

namespace oodml::cli {
namespace {

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

/// The bytes of the first `columns` code points.
std::string_view first_columns(std::string_view text, std::size_t columns) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (starts_code_point(text[i]) && seen++ == columns) return text.substr(0, i);
  }
  return text;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += starts_code_point(c) ? 1 : 0;
  return width;
}

std::string one_line(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // C1 controls are 0xC2 0x80..0x9F in UTF-8; terminals obey them as they do ESC.
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte > 0x20 && byte != 0x7F && !c1) {
      result += text[i];
      continue;
    }
    if (c1) ++i;
    if (!result.empty() && result.back() != ' ') result += ' ';
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

std::string padded(std::string_view text, std::size_t width, Align align) {
  const std::size_t have = display_width(text);
  const std::string space(have < width ? width - have : 0, ' ');
  return align == Align::kLeft ? std::string(text) + space : space + std::string(text);
}

std::string shortened(std::string_view text, std::size_t width, const Style& style) {
  if (display_width(text) <= width) return std::string(text);
  const std::string_view sign = style.ellipsis();
  if (width <= display_width(sign)) return std::string(first_columns(text, width));
  return std::string(first_columns(text, width - display_width(sign))) + std::string(sign);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (width > 0 && display_width(text) > width) {
    const std::string_view fits = first_columns(text, width + 1);
    std::size_t cut = fits.rfind(' ');
    if (cut == std::string_view::npos || cut == 0) cut = first_columns(text, width).size();
    lines.emplace_back(text.substr(0, cut));
    text.remove_prefix(cut);
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
  if (!text.empty() || lines.empty()) lines.emplace_back(text);
  return lines;
}

std::string of_total(std::int64_t done, std::int64_t total) {
  return std::to_string(done) + (total > 0 ? "/" + std::to_string(total) : "");
}

std::string duration_text(double seconds) {
  if (!(seconds >= 0)) return "";
  const auto whole = static_cast<long long>(std::min(seconds + 0.5, 1e12));
  char buffer[64];
  if (whole < 60) {
    std::snprintf(buffer, sizeof(buffer), "%lld s", whole);
  } else if (whole < 3600) {
    std::snprintf(buffer, sizeof(buffer), "%lld min %02lld s", whole / 60, whole % 60);
  } else if (whole < 86400) {
    std::snprintf(buffer, sizeof(buffer), "%lld h %02lld min", whole / 3600, whole / 60 % 60);
  } else {
    std::snprintf(buffer, sizeof(buffer), "%lld d %lld h", whole / 86400, whole / 3600 % 24);
  }
  return buffer;
}

std::string ago_text(std::int64_t time_millis, std::int64_t now_millis) {
  if (time_millis == 0) return "";
  const double seconds = static_cast<double>(now_millis - time_millis) / 1000.0;
  return seconds < 5 ? "just now" : duration_text(seconds) + " ago";
}

std::string bytes_text(std::int64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  // What would round to 1024.0 is one of the next.
  for (; value >= 1023.95 && unit + 1 < std::size(kUnits); ++unit) value /= 1024;
  char text[32];
  std::snprintf(text, sizeof(text), unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text;
}

std::string fixed_text(double value, int decimals) {
  if (std::isnan(value)) return "-";
  char buffer[400];  // the largest double has 309 digits before the point
  std::snprintf(buffer, sizeof(buffer), "%.*f", decimals, value);
  return buffer;
}

}  // namespace oodml::cli
