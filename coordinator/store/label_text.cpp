#include "coordinator/store/label_text.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

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

/// What label_text writes of labels without quotes, backslashes and control characters, read in one walk; false:
/// anything else.
template <typename Take>
bool read_plain(std::string_view text, const Take& take_label) {
  if (text.find('\\') != text.npos || !take(text, '{')) return false;
  while (const auto axis = take_quoted(text)) {
    if (!take(text, ':')) return false;
    const auto label = take_quoted(text);
    if (!label) return false;
    take_label(*axis, *label);
    if (!take(text, ',')) break;
  }
  return text == "}";
}

}  // namespace

std::string label_text(const Labels& labels) {
  using Json = nlohmann::ordered_json;
  return Json(labels).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void for_each_label(std::string_view text, const std::function<void(std::string_view, std::string_view)>& take) {
  constexpr std::size_t kMostLabels = 32;  // a sweep has a handful of axes
  std::array<std::pair<std::string_view, std::string_view>, kMostLabels> labels;
  std::size_t count = 0;
  // All of them are read before any is given away: what is no plain text is read anew from its beginning.
  const bool is_plain = read_plain(text, [&](std::string_view axis, std::string_view label) {
    if (count < kMostLabels) labels[count] = {axis, label};
    ++count;
  });
  if (is_plain && count > 0 && count <= kMostLabels) {
    for (std::size_t i = 0; i < count; ++i) take(labels[i].first, labels[i].second);
    return;
  }
  for (const auto& [axis, label] : nlohmann::json::parse(text).get<Labels>()) take(axis, label);
}

Labels parse_labels(std::string_view text) {
  Labels labels;
  for_each_label(text, [&](std::string_view axis, std::string_view label) {
    labels.insert_or_assign(labels.end(), std::string(axis), std::string(label));
  });
  return labels;
}

}  // namespace oodml::coordinator::store
