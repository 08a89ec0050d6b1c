#include <set>

#include "core/catalogue/catalogue.h"
#include "core/catalogue/program_keys.h"
#include "core/job/program.h"
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

/// What stands first: who runs it.
std::string head_of(const job::TrialSpec& spec) {
  if (job::program_of(spec).empty()) {
    return "# A trial of oodml with every default written out. Run it: oodml-core run trial.yaml --run-dir DIR\n";
  }
  return "# A trial of oodml that a program of people's own runs.\nprogram: " + yaml_text(job::program_of(spec)) + "\n";
}

/// Of a program.
std::string params_text(const job::TrialSpec& spec) {
  std::string text;
  for (const auto& [name, value] : spec.values.below(catalogue::kParamsGroup)) {
    text += (text.empty() ? "params:\n  " : "  ") + name + ": " + yaml_value(value) + "\n";
  }
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
  std::string text = head_of(spec);
  for (const catalogue::Kind kind : catalogue::chosen_kinds()) {
    if (spec.values.has(catalogue::to_text(kind))) text += choice_text(spec, catalogue::to_text(kind));
  }
  std::set<std::string> begun;
  for (const catalogue::Parameter& key : catalogue::trial_keys()) {
    const Value* held = spec.values.find(key.name);
    if (held == nullptr) continue;
    const auto dot = key.name.find('.');
    const std::string value = yaml_value(*held) + "\n";
    if (dot == std::string::npos) {
      text += key.name + ": " + value;
    } else {
      const std::string group = key.name.substr(0, dot);
      if (begun.insert(group).second) text += group + ":\n";
      text += "  " + key.name.substr(dot + 1) + ": " + value;
    }
  }
  return text + params_text(spec);
}

Result<job::TrialSpec> parse_trial_file(std::string_view yaml, std::string_view file_name) {
  Diagnostics diagnostics(file_name, kMaxErrors);
  const auto root = read_yaml(yaml, kMaxTrialFile, diagnostics);
  if (!root) return diagnostics.failure();
  if (const Node::Entry* head = root->find("version")) {
    diagnostics.error(head->place,
                      "this is a sweep, and wanted is the file of one trial; `oodml local FILE` runs a sweep");
    return diagnostics.failure();
  }
  return trial_in(*root, {.line = 1, .column = 1}, diagnostics);
}

Result<job::TrialSpec> parse_core_trial_file(std::string_view yaml, std::string_view file_name) {
  OODML_ASSIGN_OR_RETURN(job::TrialSpec spec, parse_trial_file(yaml, file_name));
  if (job::program_of(spec).empty()) return spec;
  return invalid_argument(std::string(file_name) + ": program '" + job::program_of(spec) +
                          "' runs this trial, and oodml-core runs only those of its own; start the program itself "
                          "(docs/programs.md)");
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
