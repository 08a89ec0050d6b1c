#include "core/sweep/keys.h"

#include <algorithm>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/program_keys.h"
#include "core/catalogue/reference_flags.h"
#include "core/sweep/typed_value.h"

namespace oodml::sweep {
namespace {

using catalogue::Component;
using catalogue::Kind;
using catalogue::Parameter;

/// Of more words the nearest alone is told, where there is one: who has the word that was meant needs no page of
/// others.
constexpr std::size_t kManyWords = 40;

bool some_component_has(Kind kind, std::string_view parameter) {
  const auto& list = catalogue::components(kind);
  return std::any_of(list.begin(), list.end(), [&](const Component& c) { return c.find(parameter) != nullptr; });
}

/// Every parameter that some component of the kind has, as keys: criterion.beta.
std::vector<std::string> parameter_keys(Kind kind) {
  std::vector<std::string> keys;
  for (const Component& component : catalogue::components(kind)) {
    for (const Parameter& parameter : component.parameters) {
      const std::string key = std::string(catalogue::to_text(kind)) + "." + parameter.name;
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  return keys;
}

/// The keys of the group that `prefix` ("evaluate.", "criterion.") heads; of no group: every key without a dot.
std::vector<std::string> keys_in_group(std::string_view prefix) {
  std::vector<std::string> keys;
  if (const auto kind = prefix.empty() ? std::nullopt : chosen_kind(prefix.substr(0, prefix.size() - 1))) {
    return parameter_keys(*kind);
  }
  if (prefix.empty()) {
    for (const Kind kind : catalogue::chosen_kinds()) keys.push_back(catalogue::to_text(kind));
    keys.insert(keys.end(), {std::string(catalogue::kProgramKey), std::string(catalogue::kParamsGroup)});
  }
  for (const Parameter& parameter : catalogue::trial_keys()) {
    if (!prefix.empty() && parameter.name.starts_with(prefix)) keys.push_back(parameter.name);
    if (prefix.empty()) keys.push_back(parameter.name);
  }
  return keys;
}

}  // namespace

std::optional<Kind> chosen_kind(std::string_view key) {
  for (const Kind kind : catalogue::chosen_kinds()) {
    if (key == catalogue::to_text(kind)) return kind;
  }
  return std::nullopt;
}

std::optional<Key> find_key(std::string_view name) {
  if (const Parameter* parameter = catalogue::find_trial_key(name)) return Key{.trial_key = parameter};
  if (const auto kind = chosen_kind(name)) return Key{.component = kind};
  if (name == catalogue::kProgramKey) return Key{.of_program = true};
  if (name.starts_with(catalogue::kParamsPrefix)) {
    const std::string_view parameter = name.substr(catalogue::kParamsPrefix.size());
    if (!catalogue::is_param_name(parameter)) return std::nullopt;
    return Key{.parameter = std::string(parameter), .of_program = true};
  }
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto kind = chosen_kind(name.substr(0, dot));
  if (!kind || !some_component_has(*kind, name.substr(dot + 1))) return std::nullopt;
  return Key{.component = kind, .parameter = std::string(name.substr(dot + 1))};
}

bool is_key_group(std::string_view name) {
  if (chosen_kind(name) || name == catalogue::kParamsGroup || name.starts_with(catalogue::kParamsPrefix)) return true;
  const std::string prefix = std::string(name) + ".";
  const auto& keys = catalogue::trial_keys();
  return std::any_of(keys.begin(), keys.end(), [&](const Parameter& p) { return p.name.starts_with(prefix); });
}

std::string unknown_word(std::string_view what, std::string_view word, const std::vector<std::string>& accepted) {
  const std::string start = "unknown " + std::string(what) + " " + in_quotes(word);
  const std::string colon = missing_space(word);
  if (!colon.empty()) return start + "; " + colon;
  const std::string close = catalogue::did_you_mean(word, accepted);
  if (!close.empty() && accepted.size() > kManyWords) return start + catalogue::beyond_ascii(word) + close;
  return start + catalogue::beyond_ascii(word) + (close.empty() ? "." : close) + " Accepted: " + joined(accepted);
}

std::string unknown_parameter(const Component& component, std::string_view word) {
  std::vector<std::string> accepted;
  for (const Parameter& parameter : component.parameters) accepted.push_back(parameter.name);
  return unknown_word(std::string("parameter of ") + catalogue::to_text(component.kind) + " " + component.name, word,
                      accepted);
}

void report_unknown_key(std::string_view name, const Place& place, const std::vector<std::string>& also,
                        Diagnostics& diagnostics) {
  const std::string renamed = catalogue::key_of_reference_flag(name);
  if (!renamed.empty()) {
    return diagnostics.error(place, "unknown key " + in_quotes(name) + "; what the references call so is " + renamed);
  }
  if (name.starts_with(catalogue::kParamsPrefix)) {
    return diagnostics.error(place, in_quotes(name.substr(catalogue::kParamsPrefix.size())) +
                                        " is no name of a program's parameter: words of letters, digits and '_' that "
                                        "begin with no digit, joined by dots, at most 64 characters");
  }
  if (name == catalogue::kParamsGroup) {
    return diagnostics.error(place, "`params:` is a map of a program's parameters, as in params: {lr: 0.1}");
  }
  const auto dot = name.find('.');
  const std::string_view group = dot == std::string_view::npos ? "" : name.substr(0, dot);
  const bool known_group = !group.empty() && is_key_group(group);
  std::vector<std::string> accepted = keys_in_group(known_group ? name.substr(0, dot + 1) : "");
  if (!known_group) accepted.insert(accepted.end(), also.begin(), also.end());
  const std::string text = unknown_word("key", name, accepted);
  diagnostics.error(place, text + (text.ends_with('?') ? " `oodml components keys` lists all" : ""));
}

}  // namespace oodml::sweep
