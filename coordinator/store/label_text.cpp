#include "coordinator/store/label_text.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace oodml::coordinator::store {
namespace {

using Labels = std::map<std::string, std::string>;

/// Takes `sign` off the front; whether it was there.
bool take(std::string_view& text, char sign) {
  if (text.empty() || text.front() != sign) return false;
  text.remove_prefix(1);
  return true;
}

/// A text in quotes without anything to be unescaped.
std::optional<std::string_view> take_quoted(std::string_view& text) {
  if (!take(text, '"')) return std::nullopt;
  const std::size_t end = text.find('"');
  if (end == text.npos) return std::nullopt;
  const std::string_view inner = text.substr(0, end);
  text.remove_prefix(end + 1);
  return inner;
}

/// What label_text writes of labels without quotes, backslashes and control characters, read in one walk; nullopt:
/// anything else.
std::optional<Labels> parse_plain(std::string_view text) {
  if (text.find('\\') != text.npos || !take(text, '{')) return std::nullopt;
  Labels labels;
  while (const auto axis = take_quoted(text)) {
    if (!take(text, ':')) return std::nullopt;
    const auto label = take_quoted(text);
    if (!label) return std::nullopt;
    labels.emplace_hint(labels.end(), *axis, *label);
    if (!take(text, ',')) break;
  }
  return text == "}" && !labels.empty() ? std::optional(std::move(labels)) : std::nullopt;
}

}  // namespace

std::string label_text(const Labels& labels) {
  using Json = nlohmann::ordered_json;
  return Json(labels).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Labels parse_labels(std::string_view text) {
  if (auto labels = parse_plain(text)) return *std::move(labels);
  return nlohmann::json::parse(text).get<Labels>();
}

}  // namespace oodml::coordinator::store
