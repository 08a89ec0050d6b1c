#include "core/sweep/conditions.h"

#include <algorithm>
#include <iterator>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/program_keys.h"
#include "core/sweep/keys.h"
#include "core/sweep/typed_value.h"

namespace oodml::sweep {
namespace {

using catalogue::Component;
using catalogue::Kind;

bool is_one_of(const std::string& word, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_list_key(const Key& key) {
  using enum catalogue::ValueType;
  if (key.trial_key == nullptr) return false;
  return key.trial_key->type == kIntegers || key.trial_key->type == kNumbers || key.trial_key->type == kTexts;
}

/// A condition's values: a scalar, or a list of which any will do.
void read_condition(const Node::Entry& entry, bool is_axis, std::vector<Condition>& conditions,
                    Diagnostics& diagnostics) {
  Condition condition{.key = entry.key, .place = entry.place};
  const auto add = [&](const Node& value) {
    if (value.is_scalar()) return condition.any_of.push_back(&value);
    diagnostics.error(value.place,
                      "the condition on " + entry.key + " must be a value or a list of values, got " + shown(value));
  };
  const auto key = find_key(entry.key);
  if (!key) return report_unknown_key(entry.key, entry.place, {}, diagnostics);
  if (is_list_key(*key) && !is_axis) {
    return diagnostics.error(entry.place, entry.key + " is a list; conditions take keys with a single value");
  }
  if (entry.value.is_list() && entry.value.items.empty()) {
    return diagnostics.error(entry.value.place, "the condition on " + entry.key + " names no value");
  }
  if (entry.value.is_list()) {
    std::for_each(entry.value.items.begin(), entry.value.items.end(), add);
  } else {
    add(entry.value);
  }
  conditions.push_back(std::move(condition));
}

const std::vector<Node>* list_of_maps(const Node& node, const std::string& word, Diagnostics& diagnostics) {
  if (!node.is_list()) {
    diagnostics.error(node.place, "`" + word + ":` must be a list of maps, got " + shown(node));
    return nullptr;
  }
  return &node.items;
}

void read_all_conditions(const Node& map, const std::vector<std::string>& axis_names,
                         std::vector<Condition>& conditions, Diagnostics& diagnostics) {
  for (const Node::Entry& entry : map.entries) {
    read_condition(entry, is_one_of(entry.key, axis_names), conditions, diagnostics);
  }
}

Override read_override(const Node& map, const std::vector<std::string>& axis_names, Diagnostics& diagnostics) {
  Override result{.place = map.place};
  std::vector<std::string> skip = axis_names;
  skip.push_back("when");
  result.settings = read_settings(map, skip, diagnostics);
  check_settings(result.settings, diagnostics);
  for (const Node::Entry& entry : map.entries) {
    if (entry.key == "when") {
      std::ranges::move(read_when(entry.value, axis_names, diagnostics), std::back_inserter(result.conditions));
    } else if (is_one_of(entry.key, axis_names)) {
      read_condition(entry, true, result.conditions, diagnostics);
    }
  }
  for (const Setting& setting : result.settings) {
    if (is_one_of(setting.key, axis_names)) {  // {criterion: {beta: 1}} with an axis criterion.beta
      diagnostics.error(setting.key_place, setting.key + " is an axis; an override cannot set it");
    }
  }
  if (result.conditions.empty()) {
    diagnostics.error(map.place, "an entry of `for:` needs a condition on an axis (" + joined(axis_names) +
                                     "), or `when:` with conditions on other keys");
  } else if (result.settings.empty()) {
    diagnostics.error(map.place, "an entry of `for:` needs something to set");
  }
  return result;
}

/// Equal values of a key as texts, as numbers (1e-5 is 0.00001) or as names of one component.
bool same(const std::string& key, const Node& wanted, const Node& actual) {
  if (!actual.is_scalar()) return false;
  if (wanted.text == actual.text) return true;
  if (const auto kind = chosen_kind(key)) {
    return catalogue::name_of(*kind, wanted.text) == catalogue::name_of(*kind, actual.text);
  }
  const auto a = number_of(wanted);
  const auto b = a ? number_of(actual) : std::nullopt;
  return a && b && *a == *b;
}

bool fulfils(const Condition& condition, const SweepAxis& axis, const AxisEntry& entry) {
  return std::any_of(condition.any_of.begin(), condition.any_of.end(), [&](const Node* wanted) {
    if (wanted->text == entry.label) return true;
    return std::any_of(entry.settings.begin(), entry.settings.end(), [&](const Setting& setting) {
      return setting.key == axis.name && same(axis.name, *wanted, *setting.value);
    });
  });
}

std::string chosen_name(const LayeredSettings& settings, Kind kind) {
  if (const auto* held = settings.find(catalogue::to_text(kind))) return held->setting->value->text;
  if (kind == Kind::kSampler) return catalogue::components(kind).front().name;
  return kind == Kind::kMiner ? "none" : "";
}

/// What the trial will have for a key that no axis varies.
Node value_of(const LayeredSettings& settings, const std::string& name) {
  const auto key = find_key(name);
  if (!key) return {};
  if (key->component && key->parameter.empty()) {
    const Component* criterion = catalogue::find(Kind::kCriterion, chosen_name(settings, Kind::kCriterion));
    const bool no_miner =
        *key->component == Kind::kMiner && criterion != nullptr && !criterion->needs_miner && !criterion->may_mine;
    return scalar(no_miner ? "none" : chosen_name(settings, *key->component), {});
  }
  if (const auto* held = settings.find(name)) return *held->setting->value;
  if (key->of_program) return key->parameter.empty() ? scalar(std::string(catalogue::kNoProgram), {}) : Node();
  if (key->trial_key != nullptr) return scalar(to_display_text(key->trial_key->fallback), {});
  const Component* component = catalogue::find(*key->component, chosen_name(settings, *key->component));
  const auto* parameter = component == nullptr ? nullptr : component->find(key->parameter);
  return parameter == nullptr ? Node() : scalar(to_display_text(parameter->fallback), {});
}

bool holds(const Condition& condition, const Combination& combination) {
  for (const auto& [axis, entry] : combination.entries) {
    if (axis->name == condition.key) return fulfils(condition, *axis, *entry);
  }
  const Node actual = value_of(combination.settings, condition.key);
  return std::any_of(condition.any_of.begin(), condition.any_of.end(),
                     [&](const Node* wanted) { return same(condition.key, *wanted, actual); });
}

}  // namespace

std::vector<Override> read_overrides(const Node& node, const std::vector<std::string>& axis_names,
                                     Diagnostics& diagnostics) {
  std::vector<Override> overrides;
  const auto* maps = list_of_maps(node, "for", diagnostics);
  if (maps == nullptr) return overrides;
  for (const Node& map : *maps) {
    if (map.is_map()) {
      overrides.push_back(read_override(map, axis_names, diagnostics));
    } else {
      diagnostics.error(map.place, "an entry of `for:` is a map of conditions and settings, got " + shown(map));
    }
  }
  return overrides;
}

std::vector<Exclusion> read_exclusions(const Node& node, const std::vector<std::string>& axis_names,
                                       Diagnostics& diagnostics) {
  std::vector<Exclusion> exclusions;
  const auto* maps = list_of_maps(node, "exclude", diagnostics);
  if (maps == nullptr) return exclusions;
  for (const Node& map : *maps) {
    Exclusion exclusion{.place = map.place};
    if (!map.is_map() || map.entries.empty()) {
      diagnostics.error(map.place, "an entry of `exclude:` is a map of conditions, got " +
                                       (map.is_map() ? "an empty one" : shown(map)));
      continue;
    }
    read_all_conditions(map, axis_names, exclusion.conditions, diagnostics);
    exclusions.push_back(std::move(exclusion));
  }
  return exclusions;
}

std::vector<Condition> read_when(const Node& node, const std::vector<std::string>& axis_names,
                                 Diagnostics& diagnostics) {
  std::vector<Condition> conditions;
  if (node.is_map()) {
    read_all_conditions(node, axis_names, conditions, diagnostics);
  } else {
    diagnostics.error(node.place, "`when:` must be a map of conditions, got " + shown(node));
  }
  return conditions;
}

void check_conditions(const std::vector<Condition>& conditions, const std::vector<const Block*>& blocks,
                      Diagnostics& diagnostics) {
  for (const Condition& condition : conditions) {
    std::vector<std::string> labels;
    for (const Node* wanted : condition.any_of) {
      const Condition one{.key = condition.key, .place = condition.place, .any_of = {wanted}};
      bool is_axis = false, found = false;
      labels.clear();
      for (const Block* block : blocks) {
        const SweepAxis* axis = block->find_axis(condition.key);
        if (axis == nullptr) continue;
        is_axis = true;
        for (const AxisEntry& entry : axis->entries) {
          found = found || fulfils(one, *axis, entry);
          if (labels.size() < 50) labels.push_back(entry.label);
        }
      }
      if (is_axis && !found) {
        diagnostics.error(wanted->place, unknown_word("entry of axis " + condition.key, wanted->text, labels));
      }
    }
  }
}

bool matches(const std::vector<Condition>& conditions, const Combination& combination) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](const Condition& condition) { return holds(condition, combination); });
}

}  // namespace oodml::sweep
