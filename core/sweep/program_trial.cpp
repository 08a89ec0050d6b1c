#include "core/sweep/program_trial.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/program_keys.h"
#include "core/sweep/keys.h"
#include "core/sweep/typed_value.h"
#include "core/sweep/usual_checks.h"

namespace oodml::sweep {
namespace {

constexpr std::size_t kMostParams = 256;
constexpr std::size_t kMostParamBytes = 64 << 10;  // they are the environment of a process

std::optional<bool> flag_of(const Node& node) {
  if (!node.is_scalar() || node.quoted) return std::nullopt;
  if (node.text == "true" || node.text == "True" || node.text == "TRUE") return true;
  if (node.text == "false" || node.text == "False" || node.text == "FALSE") return false;
  return std::nullopt;
}

std::optional<double> finite_number_of(const Node& node) {
  const auto number = number_of(node);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

/// A value of exactly this type.
std::optional<Value> as(catalogue::ValueType type, const std::string& key, const Node& node, Diagnostics& diagnostics) {
  return typed_value({.name = key, .type = type}, key, node, diagnostics);
}

void unfold_axes(Node& axes) {
  std::vector<Node::Entry> unfolded;
  for (Node::Entry& entry : axes.entries) {
    if (entry.key != catalogue::kParamsGroup || !entry.value.is_map()) {
      unfolded.push_back(std::move(entry));
      continue;
    }
    for (Node::Entry& param : entry.value.entries) {
      param.key.insert(0, catalogue::kParamsPrefix);
      unfolded.push_back(std::move(param));
    }
  }
  axes.entries = std::move(unfolded);
}

class ProgramTrialBuilder {
 public:
  ProgramTrialBuilder(const LayeredSettings& settings, const Place& whole, Diagnostics& diagnostics,
                      std::set<const Setting*>* used)
      : settings_(settings), whole_(whole), diagnostics_(diagnostics), used_(used) {}

  std::optional<job::TrialSpec> build() {
    const std::size_t errors = diagnostics_.count();
    const auto& program = *named_program(settings_);
    use(program);
    check_program_name(*program.setting, diagnostics_);
    spec_.values.set(std::string(catalogue::kProgramKey), program.setting->value->text);
    for (const auto& [name, held] : settings_) take(name, held, program);
    for (const std::string& key : catalogue::keys_of_program_trials()) {
      if (catalogue::is_usual_key_of_program_trials(key)) add_usual(key);
    }
    if (diagnostics_.count() == errors) check();
    if (diagnostics_.count() > errors) return std::nullopt;
    return std::move(spec_);
  }

 private:
  void use(const LayeredSettings::Held& held) {
    if (used_ != nullptr) used_->insert(held.setting);
  }

  void take(const std::string& name, const LayeredSettings::Held& held, const LayeredSettings::Held& program) {
    if (name == catalogue::kProgramKey) return;
    std::optional<Value> value;
    if (name.starts_with(catalogue::kParamsPrefix)) {
      value = free_value(name, *held.setting->value, diagnostics_);
    } else if (name == "benchmark") {
      value = as(catalogue::ValueType::kText, name, *held.setting->value, diagnostics_);
    } else if (catalogue::is_key_of_program_trials(name)) {
      value = typed_value(*catalogue::find_trial_key(name), name, *held.setting->value, diagnostics_);
    } else {
      if (!is_shared(held.layer) || held.layer == program.layer) refuse(name, held);
      return;
    }
    use(held);
    if (value) spec_.values.set(name, *std::move(value));
  }

  void refuse(const std::string& name, const LayeredSettings::Held& held) {
    diagnostics_.error(held.setting->key_place,
                       name + " is a key of oodml's own core, and program " + in_quotes(spec_.values.text("program")) +
                           " runs this trial. Its parameters stand below `params:`; accepted beside: " +
                           joined(catalogue::keys_of_program_trials()));
  }

  void add_usual(const std::string& key) {
    if (spec_.values.has(key)) return;
    if (key != "benchmark") return spec_.values.set(key, catalogue::find_trial_key(key)->fallback);
    if (settings_.find(key) == nullptr) {
      diagnostics_.error(whole_, "a trial has no benchmark; name one in `trial:` or as an axis of `matrix:`");
    }
  }

  void check() {
    const PlaceOf place_of = [this](std::string_view key) { return settings_.place_of(key); };
    const std::string& benchmark = spec_.values.text("benchmark");
    if (!is_benchmark_name(benchmark)) refuse_benchmark_name(benchmark, place_of, whole_, diagnostics_);
    check_split(spec_.values, place_of, whole_, diagnostics_);
    if (spec_.values.has("split_file")) check_split_file(spec_.values, place_of, whole_, diagnostics_);
    check_artifacts(spec_.values, place_of, whole_, diagnostics_);
    for (const char* key : {"evaluate.sets", "evaluate.metrics"}) {
      if (spec_.values.has(key)) {
        refuse_repeated_words(key, spec_.values.texts(key), place_of, whole_, diagnostics_);
      }
    }
    check_params();
  }

  /// Names that are one variable of the environment, or one name of a JSON object, would hide each other.
  void check_params() {
    std::map<std::string, std::string> by_variable;
    std::size_t bytes = 0;
    const Params params = spec_.values.below(catalogue::kParamsGroup);
    for (const auto& [name, value] : params) {
      bytes += name.size() + to_text(value).size();
      const auto [other, is_new] = by_variable.emplace(catalogue::param_variable(name), name);
      if (!is_new)
        error(name, "params." + name + " and params." + other->second + " are one to the program: " + other->first);
      for (auto dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
        const std::string above = name.substr(0, dot);
        if (params.has(above)) error(name, "params." + above + " has a value, and so cannot hold params." + name);
      }
    }
    if (params.size() > kMostParams || bytes > kMostParamBytes) {
      diagnostics_.error(whole_, "a trial has " + std::to_string(params.size()) + " parameters of " +
                                     std::to_string(bytes) + " bytes below `params:`; the most is " +
                                     std::to_string(kMostParams) + " and " + std::to_string(kMostParamBytes));
    }
  }

  void error(const std::string& param, std::string what) {
    diagnostics_.error(settings_.place_of(std::string(catalogue::kParamsPrefix) + param).value_or(whole_),
                       std::move(what));
  }

  const LayeredSettings& settings_;
  const Place& whole_;
  Diagnostics& diagnostics_;
  std::set<const Setting*>* used_;
  job::TrialSpec spec_;
};

}  // namespace

const LayeredSettings::Held* named_program(const LayeredSettings& settings) {
  const auto* program = settings.find(catalogue::kProgramKey);
  return program == nullptr || program->setting->value->text == catalogue::kNoProgram ? nullptr : program;
}

std::optional<job::TrialSpec> build_program_trial(const LayeredSettings& settings, const Place& whole,
                                                  Diagnostics& diagnostics, std::set<const Setting*>* used) {
  return ProgramTrialBuilder(settings, whole, diagnostics, used).build();
}

std::optional<Value> free_value(const std::string& key, const Node& node, Diagnostics& diagnostics) {
  using enum catalogue::ValueType;
  if (node.is_list()) {
    if (node.items.empty()) return Value(std::vector<std::string>());
    if (std::ranges::all_of(node.items, [](const Node& item) { return integer_of(item).has_value(); }))
      return as(kIntegers, key, node, diagnostics);
    const bool are_numbers =
        std::ranges::all_of(node.items, [](const Node& item) { return finite_number_of(item).has_value(); });
    return as(are_numbers ? kNumbers : kTexts, key, node, diagnostics);
  }
  if (!node.is_scalar()) {
    diagnostics.error(node.place, key + " must be a text, a number, true, false or a list of such, got " + shown(node));
    return std::nullopt;
  }
  if (const auto flag = flag_of(node)) return Value(*flag);
  if (integer_of(node)) return as(kInteger, key, node, diagnostics);
  return as(finite_number_of(node) ? kNumber : kText, key, node, diagnostics);
}

void check_program_name(const Setting& setting, Diagnostics& diagnostics) {
  const Node& value = *setting.value;
  if (value.is_scalar() && (value.text == catalogue::kNoProgram || catalogue::is_program_name(value.text))) return;
  diagnostics.error(value.place,
                    "program must be the name that workers announce (oodml-worker --program NAME=FILE), of a to z, "
                    "digits, '_', '.' and '-', or none for oodml's own core, got " +
                        shown(value));
}

void unfold_params(Node& sweep) {
  for (Node::Entry& entry : sweep.entries) {
    if (entry.key == "matrix") unfold_axes(entry.value);
    if (entry.key != "zip" && entry.key != "blocks") continue;
    const auto unfold = entry.key == "zip" ? unfold_axes : unfold_params;
    if (entry.value.is_list()) {
      std::ranges::for_each(entry.value.items, unfold);
    } else {
      unfold(entry.value);
    }
  }
}

}  // namespace oodml::sweep
