#include "core/base/params.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/base/number_text.h"

namespace oodml {
namespace {

std::string scalar_text(bool value) { return value ? "true" : "false"; }
std::string scalar_text(std::int64_t value) { return std::to_string(value); }
std::string scalar_text(double value) {
  std::string text = number_text(value);
  if (std::isfinite(value) && text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}
std::string scalar_text(const std::string& value) {
  return nlohmann::json(value).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}
template <typename T>
std::string scalar_text(const std::vector<T>& values) {
  std::string text = "[";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += ", ";
    text += scalar_text(values[i]);
  }
  // An empty list keeps its element type, or it would not read back as the same value.
  if (values.empty())
    text += std::is_same_v<T, std::string> ? "text" : std::is_same_v<T, double> ? "number" : "integer";
  return text + "]";
}

std::string display(bool value) { return scalar_text(value); }
std::string display(std::int64_t value) { return scalar_text(value); }
std::string display(double value) { return number_text(value); }
std::string display(const std::string& value) { return value; }
template <typename T>
std::string display(const std::vector<T>& values) {
  std::string text = "[";
  for (std::size_t i = 0; i < values.size(); ++i) text += (i > 0 ? ", " : "") + display(values[i]);
  return text + "]";
}

Result<Value> value_of_json(const nlohmann::json& json, std::string_view text) {
  if (json.is_boolean()) return Value(json.get<bool>());
  if (json.is_number_integer()) return Value(json.get<std::int64_t>());
  if (json.is_number()) return Value(json.get<double>());
  if (json.is_string()) return Value(json.get<std::string>());
  const auto all = [&](auto test) { return std::all_of(json.begin(), json.end(), test); };
  if (json.is_array() && !json.empty()) {
    if (all([](const auto& item) { return item.is_string(); })) return Value(json.get<std::vector<std::string>>());
    if (all([](const auto& item) { return item.is_number_integer(); })) {
      return Value(json.get<std::vector<std::int64_t>>());
    }
    if (all([](const auto& item) { return item.is_number(); })) return Value(json.get<std::vector<double>>());
  }
  return invalid_argument("not a value: " + std::string(text.substr(0, 100)));
}

template <typename T>
const T& typed(const Params& params, std::string_view key, const char* wanted) {
  const Value& value = params.at(key);
  if (const T* typed_value = std::get_if<T>(&value)) return *typed_value;
  throw std::logic_error("parameter '" + std::string(key) + "' is not " + wanted + ": " + to_text(value));
}

}  // namespace

std::string to_text(const Value& value) {
  return std::visit([](const auto& v) { return scalar_text(v); }, value);
}

std::string to_display_text(const Value& value) {
  return std::visit([](const auto& v) { return display(v); }, value);
}

Result<Value> parse_value(std::string_view text) {
  if (text == "[text]") return Value(std::vector<std::string>{});
  if (text == "[number]") return Value(std::vector<double>{});
  if (text == "[integer]") return Value(std::vector<std::int64_t>{});
  if (text == "nan") return Value(std::nan(""));
  if (text == "inf") return Value(INFINITY);
  if (text == "-inf") return Value(-INFINITY);
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return invalid_argument("not a value: " + std::string(text.substr(0, 100)));
  return value_of_json(json, text);
}

Params::Params(std::initializer_list<Entry> values) {
  entries_.reserve(values.size());
  for (const auto& [key, value] : values) {
    if (!has(key)) set(key, value);
  }
}

Params::Entries::const_iterator Params::place_of(std::string_view key) const {
  // Most come in the order of their keys.
  if (entries_.empty() || entries_.back()->first < key) return entries_.end();
  return std::lower_bound(entries_.begin(), entries_.end(), key,
                          [](const auto& entry, std::string_view wanted) { return entry->first < wanted; });
}

bool Params::stands_at(Entries::const_iterator place, std::string_view key) const {
  return place != entries_.end() && (*place)->first == key;
}

void Params::set(std::string key, Value value) {
  const auto place = place_of(key);
  const bool is_known = stands_at(place, key);
  auto entry = std::make_shared<const Entry>(std::move(key), std::move(value));
  if (is_known) {
    entries_[static_cast<std::size_t>(place - entries_.begin())] = std::move(entry);
  } else {
    entries_.insert(place, std::move(entry));
  }
}

const Value* Params::find(std::string_view key) const {
  const auto place = place_of(key);
  return stands_at(place, key) ? &(*place)->second : nullptr;
}

const Value& Params::at(std::string_view key) const {
  if (const Value* value = find(key)) return *value;
  throw std::logic_error("no parameter '" + std::string(key) + "'");
}

void Params::erase(std::string_view key) {
  if (const auto place = place_of(key); stands_at(place, key)) entries_.erase(place);
}

bool operator==(const Params& a, const Params& b) {
  return std::ranges::equal(a.entries_, b.entries_, [](const auto& one, const auto& other) { return *one == *other; });
}

bool Params::flag(std::string_view key) const { return typed<bool>(*this, key, "true or false"); }
std::int64_t Params::integer(std::string_view key) const { return typed<std::int64_t>(*this, key, "an integer"); }
double Params::number(std::string_view key) const {
  if (const auto* integer = std::get_if<std::int64_t>(&at(key))) return static_cast<double>(*integer);
  return typed<double>(*this, key, "a number");
}
const std::string& Params::text(std::string_view key) const { return typed<std::string>(*this, key, "a text"); }
const std::vector<std::int64_t>& Params::integers(std::string_view key) const {
  return typed<std::vector<std::int64_t>>(*this, key, "a list of integers");
}
const std::vector<double>& Params::numbers(std::string_view key) const {
  return typed<std::vector<double>>(*this, key, "a list of numbers");
}
const std::vector<std::string>& Params::texts(std::string_view key) const {
  return typed<std::vector<std::string>>(*this, key, "a list of texts");
}

Params Params::below(std::string_view prefix) const {
  Params result;
  const std::string start = std::string(prefix) + ".";
  for (auto place = place_of(start); place != entries_.end() && (*place)->first.starts_with(start); ++place) {
    result.set((*place)->first.substr(start.size()), (*place)->second);
  }
  return result;
}

}  // namespace oodml
