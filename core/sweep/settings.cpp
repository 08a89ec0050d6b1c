#include "core/sweep/settings.h"

#include <algorithm>

#include "core/catalogue/catalogue.h"
#include "core/catalogue/program_keys.h"
#include "core/sweep/keys.h"
#include "core/sweep/program_trial.h"
#include "core/sweep/typed_value.h"

namespace oodml::sweep {
namespace {

class SettingsReader {
 public:
  SettingsReader(const std::vector<std::string>& skip, Diagnostics& diagnostics)
      : skip_(skip), diagnostics_(diagnostics) {}

  void read(const Node& map, const std::string& prefix) {
    for (const Node::Entry& entry : map.entries) {
      if (prefix.empty() && std::find(skip_.begin(), skip_.end(), entry.key) != skip_.end()) continue;
      read_entry(entry, prefix);
    }
  }

  std::vector<Setting> settings;

 private:
  void read_entry(const Node::Entry& entry, const std::string& prefix) {
    // {criterion: {name: margin}} chooses the criterion.
    const bool names_component =
        !prefix.empty() && entry.key == "name" && chosen_kind(prefix.substr(0, prefix.size() - 1));
    const std::string key = names_component ? prefix.substr(0, prefix.size() - 1) : prefix + entry.key;
    if (entry.value.is_map() && !names_component && is_key_group(key)) {
      const Node::Entry* name = entry.value.find("name");
      name_ = name == nullptr ? std::string_view() : name->value.text;
      return read(entry.value, key + ".");
    }
    if (!find_key(key)) return report_unknown(entry, prefix);
    const auto same = [&](const Setting& other) { return other.key == key; };
    if (const auto first = std::find_if(settings.begin(), settings.end(), same); first != settings.end()) {
      diagnostics_.error(entry.place,
                         "key '" + key + "' is set twice; first at " + diagnostics_.text_of(first->key_place));
      return;
    }
    settings.push_back({key, entry.place, &entry.value});
  }

  /// Below a component that the same map names, its own parameters are what would be accepted.
  void report_unknown(const Node::Entry& entry, const std::string& prefix) {
    const auto kind = prefix.empty() ? std::nullopt : chosen_kind(prefix.substr(0, prefix.size() - 1));
    const auto* component = kind ? catalogue::find(*kind, name_) : nullptr;
    if (component == nullptr) {
      return report_unknown_key(prefix + entry.key, entry.place, prefix.empty() ? skip_ : none_, diagnostics_);
    }
    diagnostics_.error(entry.place, unknown_parameter(*component, entry.key));
  }

  const std::vector<std::string>& skip_;
  const std::vector<std::string> none_;
  Diagnostics& diagnostics_;
  std::string_view name_;  // of the component whose map is being read
};

const Setting* find_setting(const std::vector<Setting>& settings, std::string_view key) {
  for (const Setting& setting : settings) {
    if (setting.key == key) return &setting;
  }
  return nullptr;
}

void check_component(const Setting& setting, catalogue::Kind kind, Diagnostics& diagnostics) {
  if (!setting.value->is_scalar()) {
    diagnostics.error(setting.value->place, setting.key + " must be a name, got " + shown(*setting.value));
    return;
  }
  const std::string& name = setting.value->text;
  const bool own_benchmark = kind == catalogue::Kind::kBenchmark;  // judged with the trial's layout
  if (own_benchmark || (kind == catalogue::Kind::kMiner && name == "none")) return;
  if (const auto entry = catalogue::lookup(kind, name); !entry) {
    diagnostics.error(setting.value->place, entry.error().message());
  }
}

/// Checks against the component that the same settings choose; another one is judged with the whole trial.
void check_parameter(const Setting& setting, const Key& key, const std::vector<Setting>& settings,
                     Diagnostics& diagnostics) {
  const Setting* choice = find_setting(settings, catalogue::to_text(*key.component));
  if (choice == nullptr) return;
  const auto* component = catalogue::find(*key.component, choice->value->text);
  if (component == nullptr) return;
  if (const auto* parameter = component->find(key.parameter)) {
    typed_value(*parameter, setting.key, *setting.value, diagnostics);
  }
}

}  // namespace

std::vector<Setting> read_settings(const Node& map, const std::vector<std::string>& skip, Diagnostics& diagnostics) {
  SettingsReader reader(skip, diagnostics);
  reader.read(map, "");
  return std::move(reader.settings);
}

void check_settings(const std::vector<Setting>& settings, Diagnostics& diagnostics) {
  for (const Setting& setting : settings) {
    const auto key = find_key(setting.key);
    if (!key) continue;
    if (key->of_program && key->parameter.empty()) {
      check_program_name(setting, diagnostics);
    } else if (key->of_program) {
      free_value(setting.key, *setting.value, diagnostics);
    } else if (key->trial_key != nullptr) {
      typed_value(*key->trial_key, setting.key, *setting.value, diagnostics);
    } else if (key->parameter.empty()) {
      check_component(setting, *key->component, diagnostics);
    } else {
      check_parameter(setting, *key, settings, diagnostics);
    }
  }
}

void LayeredSettings::add(const std::vector<Setting>& settings, Layer layer) {
  for (const Setting& setting : settings) {
    const bool is_program = setting.key == catalogue::kProgramKey;
    const Held* before = is_program || chosen_kind(setting.key) ? find(setting.key) : nullptr;
    if (before == nullptr || before->layer >= layer) continue;
    const std::string prefix = is_program ? std::string(catalogue::kParamsPrefix) : setting.key + ".";
    for (auto it = held_.lower_bound(prefix); it != held_.end() && it->first.starts_with(prefix);) {
      it = it->second.layer < layer ? held_.erase(it) : std::next(it);
    }
  }
  for (const Setting& setting : settings) held_.insert_or_assign(setting.key, Held{&setting, layer});
}

const LayeredSettings::Held* LayeredSettings::find(std::string_view key) const {
  const auto found = held_.find(key);
  return found == held_.end() ? nullptr : &found->second;
}

std::optional<Place> LayeredSettings::place_of(std::string_view key) const {
  const Held* held = find(key);
  return held == nullptr ? std::nullopt : std::optional(held->setting->value->place);
}

}  // namespace oodml::sweep
