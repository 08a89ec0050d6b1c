#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "core/base/utf8.h"
#include "core/protocol/fields.h"
#include "core/protocol/lines.h"

namespace oodml::protocol {
namespace {

/// Escaped values by key, pieces of the line.
using RawFields = std::map<std::string_view, std::string_view>;

/// A piece of a hostile line, safe to put into a message.
std::string quoted(std::string_view text) {
  std::string shown;
  for (const char c : text.substr(0, 60)) shown += c >= 0x20 && c <= 126 ? c : '?';
  return "'" + shown + (text.size() > 60 ? "..." : "") + "'";
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Result<RawFields> split_fields(std::string_view rest) {
  RawFields fields;
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the space before each field
    const std::string_view field = rest.substr(0, rest.find(' '));
    rest.remove_prefix(field.size());
    const auto equals = field.find('=');
    if (equals == std::string_view::npos || !is_word(field.substr(0, equals))) {
      return invalid_argument("not a key=value: " + quoted(field));
    }
    if (!fields.emplace(field.substr(0, equals), field.substr(equals + 1)).second) {
      return invalid_argument("key " + quoted(field.substr(0, equals)) + " stands twice");
    }
  }
  return fields;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

Status read(std::string_view raw, std::string& value) {
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] <= 0x20 || raw[i] > 126 || raw[i] == '=') return invalid_argument("holds a byte that must be escaped");
    if (raw[i] != '%') {
      text += raw[i];
      continue;
    }
    const int high = i + 2 < raw.size() ? hex_digit(raw[i + 1]) : -1;
    const int low = i + 2 < raw.size() ? hex_digit(raw[i + 2]) : -1;
    if (high < 0 || low < 0) return invalid_argument("has a '%' without two hexadecimal digits");
    text += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (first_invalid_utf8(text)) return invalid_argument("is not UTF-8");
  value = std::move(text);
  return {};
}

Status read(std::string_view raw, std::int64_t& value) {
  const auto parsed = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  if (parsed.ec == std::errc() && parsed.ptr == raw.data() + raw.size()) return {};
  return invalid_argument("is not an integer of 64 bits");
}

Status read(std::string_view raw, double& value) {
  if (raw == "nan") return value = std::nan(""), Status();
  if (raw == "inf") return value = INFINITY, Status();
  if (raw == "-inf") return value = -INFINITY, Status();
  double number = 0.0;
  const auto parsed = std::from_chars(raw.data(), raw.data() + raw.size(), number);
  if (parsed.ec == std::errc() && parsed.ptr == raw.data() + raw.size() && std::isfinite(number)) {
    value = number;
    return {};
  }
  return invalid_argument("is not a number");
}

template <typename Body>
Result<std::optional<job::EventBody>> decode_as(const RawFields& fields) {
  Body body;
  Status status;
  Verb<Body>::fields(body, [&](const char* key, auto& value, Presence presence) {
    if (!status.ok()) return;
    const auto found = fields.find(key);
    if (found == fields.end()) {
      if (presence == Presence::kRequired) status = invalid_argument(std::string(Verb<Body>::kName) + " has no " + key);
      return;
    }
    if (const Status problem = read(found->second, value); !problem.ok()) {
      status = invalid_argument(std::string(Verb<Body>::kName) + ": " + key + "=" + quoted(found->second) + " " +
                                problem.message());
    }
  });
  if (!status.ok()) return failure(status);
  return std::optional<job::EventBody>(std::move(body));
}

template <typename... Bodies>
Result<std::optional<job::EventBody>> decode_one_of(std::string_view verb, const RawFields& fields,
                                                    const std::variant<Bodies...>*) {
  Result<std::optional<job::EventBody>> result = std::optional<job::EventBody>();
  (void)((verb == Verb<Bodies>::kName && (result = decode_as<Bodies>(fields), true)) || ...);
  return result;
}

}  // namespace

Result<std::optional<job::EventBody>> decode(std::string_view line) {
  if (line.size() >= kMaxLine) {
    return invalid_argument("a line of " + std::to_string(line.size()) + " bytes; the most is " +
                            std::to_string(kMaxLine) + " with its newline");
  }
  const std::string_view verb = line.substr(0, line.find(' '));
  if (!is_word(verb)) return invalid_argument("no verb: " + quoted(line));
  OODML_ASSIGN_OR_RETURN(const RawFields fields, split_fields(line.substr(verb.size())));
  return decode_one_of(verb, fields, static_cast<const job::EventBody*>(nullptr));
}

}  // namespace oodml::protocol
