#include "core/splits/split_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/base/printable.h"

namespace oodml::splits {
namespace {

constexpr std::size_t kMaxNameBytes = 4096;
constexpr std::int64_t kMaxShots = 1000;

}  // namespace

std::string_view why_bad_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxNameBytes || !is_printable(name)) {
    return "wants a name of 1 to 4096 bytes, UTF-8 without control characters";
  }
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('/', start), name.size());
    const std::string_view part = name.substr(start, end - start);
    if (part.empty() || part == "." || part == "..") return "wants a name that stays inside of its folder";
    start = end + 1;
  }
  return "";
}

std::string_view why_bad_fid(double fid) {
  if (!std::isfinite(fid)) return "wants a finite number";
  return fid < 0 ? "wants a number from 0 on, as it is a distance" : "";
}

Result<std::int64_t> parse_shots(std::string_view key, const std::string& place) {
  std::int64_t shots = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), shots);
  if (error == std::errc() && end == key.data() + key.size() && shots >= 1 && shots <= kMaxShots &&
      key == std::to_string(shots)) {
    return shots;
  }
  return invalid_argument(place + ": '" + printable(key) + "' wants to be a number of shots, 1 to " +
                          std::to_string(kMaxShots));
}

Status check_split_id(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  const bool is_word = id == "default" || id == "all" || id.starts_with('-') || id.starts_with('.');
  if (!id.empty() && id.size() <= 64 && !is_word && std::ranges::all_of(id, allowed)) return {};
  return invalid_argument("splits: '" + printable(id) +
                          "' is no split id; wants 1 to 64 of a-z A-Z 0-9 . _ -, not beginning with - or . and not "
                          "default or all");
}

}  // namespace oodml::splits
