#include "proto/convert/fields.h"

#include <algorithm>

#include "core/base/utf8.h"

namespace oodml::convert {
namespace {

constexpr std::int64_t kLastMillis = 253'402'300'799'999;  // the end of the year 9999

bool is_lower_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
bool is_worker_id_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

Failure bad(std::string_view field, std::string_view problem, std::string_view wanted) {
  return invalid_argument(std::string(field) + ": " + std::string(problem) + "; " + std::string(wanted) + " wanted");
}

/// Hostile text in a message: short, one line.
std::string quoted(std::string_view bytes) {
  std::string shown = wire_text(bytes.substr(0, 40));
  std::replace_if(shown.begin(), shown.end(), is_control, '?');
  return "'" + shown + (bytes.size() > 40 ? "...'" : "'");
}

}  // namespace

Result<WorkerId> worker_id(std::string_view field, std::string_view text) {
  if (text.empty() || text.size() > kMaxNameBytes || !std::all_of(text.begin(), text.end(), is_worker_id_char)) {
    return bad(field, quoted(text), "1 to 128 of [A-Za-z0-9._-]");
  }
  return WorkerId{std::string(text)};
}

Result<LeaseId> lease_id(std::string_view field, std::string_view text) {
  if (text.size() != 32 || !std::all_of(text.begin(), text.end(), is_lower_hex)) {
    return bad(field, quoted(text), "32 lower-case hexadecimal digits");
  }
  return LeaseId{std::string(text)};
}

Result<std::string> request_id(std::string_view field, std::string_view text) {
  return name(field, text, job::kMaxRequestIdBytes);
}

Result<std::string> name(std::string_view field, std::string_view text, std::size_t max_bytes) {
  const std::string wanted = "1 to " + std::to_string(max_bytes) + " bytes without control characters";
  if (text.empty()) return bad(field, "empty", wanted);
  if (text.size() > max_bytes) return bad(field, std::to_string(text.size()) + " bytes", wanted);
  if (std::any_of(text.begin(), text.end(), is_control)) return bad(field, quoted(text), wanted);
  return std::string(text);
}

Result<std::string> sha256(std::string_view field, std::string_view text) {
  if (text.size() != 64 || !std::all_of(text.begin(), text.end(), is_lower_hex)) {
    return bad(field, quoted(text), "64 lower-case hexadecimal digits");
  }
  return std::string(text);
}

Result<std::string> path_below(std::string_view field, std::string_view text) {
  constexpr const char* kWanted = "a relative path without empty, . or .. parts";
  OODML_ASSIGN_OR_RETURN(std::string path, name(field, text, kMaxPathBytes));
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view part = std::string_view(path).substr(start, end - start);
    if (part.empty() || part == "." || part == "..") return bad(field, quoted(text), kWanted);
    start = end + 1;
  }
  return path;
}

Result<std::string> text(std::string_view field, std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    return bad(field, std::to_string(text.size()) + " bytes", "at most " + std::to_string(max_bytes));
  }
  return std::string(text);
}

Result<std::int64_t> at_least(std::string_view field, std::int64_t value, std::int64_t smallest) {
  if (value < smallest) return bad(field, std::to_string(value), std::to_string(smallest) + " or more");
  return value;
}

Result<Time> time(std::string_view field, std::int64_t millis) {
  if (millis < 0 || millis > kLastMillis) {
    return bad(field, std::to_string(millis), "milliseconds since 1970, up to the year 9999,");
  }
  return from_millis(millis);
}

Status check_count(std::string_view field, int count, int largest) {
  if (count <= largest) return Status();
  return bad(field, std::to_string(count) + " entries", "at most " + std::to_string(largest));
}

std::string item(std::string_view list, int index) { return std::string(list) + "[" + std::to_string(index) + "]"; }

std::string wire_text(std::string_view bytes, std::size_t max_bytes) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  constexpr std::string_view kCut = "... [cut]";
  std::string valid;
  valid.reserve(std::min(bytes.size(), max_bytes));
  std::size_t last_fit = 0;  // length of `valid` after which the mark of a cut still fits
  while (!bytes.empty()) {
    const std::size_t length = utf8_length_at(bytes, 0);
    const std::string_view piece = length == 0 ? kReplacement : bytes.substr(0, length);
    if (valid.size() + piece.size() > max_bytes) {
      valid.resize(last_fit);
      return valid.append(kCut.substr(0, max_bytes - last_fit));
    }
    valid += piece;
    if (valid.size() + kCut.size() <= max_bytes) last_fit = valid.size();
    bytes.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return valid;
}

std::string wire_name(std::string_view bytes, std::size_t max_bytes) {
  std::string name = wire_text(bytes, max_bytes);
  std::replace_if(name.begin(), name.end(), is_control, '?');
  return name.empty() ? "?" : name;
}

}  // namespace oodml::convert
