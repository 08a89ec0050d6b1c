#include "coordinator/cli/scale/fields.h"

#include <algorithm>
#include <charconv>

#include "core/base/duration_text.h"
#include "core/catalogue/catalogue.h"

namespace oodml::cli::scale {
namespace {

constexpr std::size_t kMaxText = 4096, kMaxName = 32;

bool is_plain(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; }

}  // namespace

const sweep::Node* Fields::find(const char* key) {
  known_.emplace_back(key);
  const auto* entry = map_.find(key);
  return entry == nullptr || entry->value.is_null() ? nullptr : &entry->value;
}

void Fields::error(const char* key, const std::string& what) {
  const auto* entry = map_.find(key);
  diagnostics_.error(entry == nullptr ? map_.place : entry->value.place, std::string(key) + ": " + what);
}

void Fields::require(const char* key, bool is_there) {
  if (!is_there) diagnostics_.error(map_.place, std::string("the key ") + key + " is missing");
}

bool Fields::check(const sweep::Node& node, const char* key) {
  const auto is_control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
  if (!node.is_scalar()) {
    error(key, "a text wanted, not " + sweep::shown(node));
  } else if (node.text.size() > kMaxText || std::ranges::any_of(node.text, is_control)) {
    error(key, "a text of one line and at most " + std::to_string(kMaxText) + " bytes wanted");
  } else {
    return true;
  }
  return false;
}

bool Fields::scalar(const char* key, std::string& text) {
  const sweep::Node* node = find(key);
  if (node == nullptr || !check(*node, key)) return false;
  text = node->text;
  return true;
}

void Fields::text(const char* key, std::string& value) { scalar(key, value); }

void Fields::name(const char* key, std::string& value) {
  std::string text;
  if (!scalar(key, text)) return;
  if (text.empty() || text.size() > kMaxName || text.front() == '-' || !std::ranges::all_of(text, is_plain)) {
    return error(key, sweep::in_quotes(text) + "; letters, digits, - and _ wanted, at most 32 of them");
  }
  value = text;
}

void Fields::texts(const char* key, std::vector<std::string>& values) {
  const sweep::Node* node = find(key);
  if (node == nullptr) return;
  if (!node->is_list()) return error(key, "a list wanted, not " + sweep::shown(*node));
  values.clear();
  for (const sweep::Node& item : node->items) {
    if (check(item, key)) values.push_back(item.text);
  }
}

void Fields::number(const char* key, std::int64_t& value, std::int64_t least, std::int64_t most) {
  std::string text;
  if (!scalar(key, text)) return;
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number < least || number > most) {
    return error(key, sweep::in_quotes(text) + "; a whole number from " + std::to_string(least) + " to " +
                          std::to_string(most) + " wanted");
  }
  value = number;
}

void Fields::flag(const char* key, bool& value) {
  std::string text;
  if (!scalar(key, text)) return;
  if (text != "true" && text != "false") return error(key, sweep::in_quotes(text) + "; true or false wanted");
  value = text == "true";
}

void Fields::duration(const char* key, Duration& value, Duration least) {
  std::string text;
  if (!scalar(key, text)) return;
  const auto read = parse_duration(text);
  if (!read || *read < least) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(least).count();
    return error(
        key, sweep::in_quotes(text) + "; " + kDurationForms + ", wanted, at least " + std::to_string(seconds) + " s");
  }
  value = *read;
}

void Fields::refuse_others() {
  for (const auto& entry : map_.entries) {
    if (std::ranges::find(known_, entry.key) != known_.end()) continue;
    const std::string close = catalogue::nearest(entry.key, known_);
    diagnostics_.error(entry.place, "unknown key " + sweep::in_quotes(entry.key) +
                                        (close.empty() ? "" : "; did you mean '" + close + "'?"));
  }
}

}  // namespace oodml::cli::scale
