#include <set>

#include "core/catalogue/catalogue.h"
#include "core/sweep/build_trial.h"
#include "core/sweep/keys.h"
#include "core/sweep/sweep.h"
#include "core/sweep/yaml_reader.h"
#include "core/sweep/yaml_text.h"

namespace oodml::sweep {
namespace {

constexpr std::size_t kMaxTrialFile = 1 << 18;
constexpr std::size_t kMaxErrors = 50;

std::string choice_text(const job::TrialSpec& spec, const std::string& kind) {
  const ComponentChoice choice = spec.choice(kind);
  if (choice.params.size() == 0) return kind + ": " + yaml_text(choice.name) + "\n";
  std::string text = kind + ":\n  name: " + yaml_text(choice.name) + "\n";
  for (const auto& [key, value] : choice.params) text += "  " + key + ": " + yaml_value(value) + "\n";
  return text;
}

Result<job::TrialSpec> trial_in(const Node& root, const Place& whole, Diagnostics& diagnostics) {
  const std::vector<Setting> settings = read_settings(root, {}, diagnostics);
  LayeredSettings layered;
  layered.add(settings, Layer::kRow);
  auto spec = build_trial(layered, whole, diagnostics);
  if (diagnostics.any()) return diagnostics.failure();
  return std::move(*spec);
}

}  // namespace

std::string trial_file_text(const job::TrialSpec& spec) {
  std::string text =
      "# A trial of oodml with every default written out. Run it: oodml-core run trial.yaml --run-dir DIR\n";
  for (const catalogue::Kind kind : catalogue::chosen_kinds()) text += choice_text(spec, catalogue::to_text(kind));
  std::set<std::string> begun;
  for (const catalogue::Parameter& key : catalogue::trial_keys()) {
    const auto dot = key.name.find('.');
    const std::string value = yaml_value(spec.values.at(key.name)) + "\n";
    if (dot == std::string::npos) {
      text += key.name + ": " + value;
    } else {
      const std::string group = key.name.substr(0, dot);
      if (begun.insert(group).second) text += group + ":\n";
      text += "  " + key.name.substr(dot + 1) + ": " + value;
    }
  }
  return text;
}

Result<job::TrialSpec> parse_trial_file(std::string_view yaml, std::string_view file_name) {
  Diagnostics diagnostics(file_name, kMaxErrors);
  const auto root = read_yaml(yaml, kMaxTrialFile, diagnostics);
  if (!root) return diagnostics.failure();
  return trial_in(*root, {.line = 1, .column = 1}, diagnostics);
}

Result<job::TrialSpec> trial_of(const std::vector<SaidKey>& said) {
  static const std::string kWhole = "the trial asked for";
  const Place whole{.named = &kWhole};
  Diagnostics diagnostics("", kMaxErrors);
  Node root{.kind = Node::Kind::kMap, .place = whole};
  for (const SaidKey& one : said) {
    const Place place{.named = &one.where};
    root.entries.push_back({one.key, place, scalar(one.value, place)});
  }
  return trial_in(root, whole, diagnostics);
}

}  // namespace oodml::sweep
