#include "core/sweep/build_trial.h"

#include "core/catalogue/catalogue.h"
#include "core/catalogue/program_keys.h"
#include "core/catalogue/recipe.h"
#include "core/sweep/finish_trial.h"
#include "core/sweep/keys.h"
#include "core/sweep/program_trial.h"
#include "core/sweep/typed_value.h"

namespace oodml::sweep {
namespace {

using catalogue::Component;
using catalogue::Kind;
using catalogue::Parameter;

class TrialBuilder {
 public:
  TrialBuilder(const LayeredSettings& settings, const Place& whole, Diagnostics& diagnostics,
               std::set<const Setting*>* used)
      : settings_(settings), whole_(whole), diagnostics_(diagnostics), used_(used) {}

  std::optional<job::TrialSpec> build() {
    const std::size_t errors = diagnostics_.count();
    use(catalogue::kProgramKey);
    const Parameter& recipe = *catalogue::find_trial_key("recipe");
    set(recipe, recipe.name, recipe.fallback);
    choose(Kind::kBenchmark, "");
    for (const Parameter& key : catalogue::trial_keys()) {
      if (key.name != recipe.name)
        set(key, key.name, catalogue::fallback_of(key, said(recipe.name), said("benchmark")));
    }
    choose(Kind::kCriterion, "");
    choose(Kind::kSampler, catalogue::components(Kind::kSampler).front().name);
    choose_miner();
    refuse_misfits();
    if (!complete_) return std::nullopt;
    finish_trial(spec_, [this](std::string_view key) { return settings_.place_of(key); }, whole_, diagnostics_);
    if (diagnostics_.count() > errors) return std::nullopt;
    return std::move(spec_);
  }

 private:
  void set(const Parameter& parameter, const std::string& key, const Value& fallback) {
    const auto* held = use(key);
    const auto value = held ? typed_value(parameter, key, *held->setting->value, diagnostics_) : fallback;
    complete_ = complete_ && value.has_value();
    if (value) spec_.values.set(key, *value);
  }

  /// "" where the trial has no such value.
  std::string said(std::string_view key) const { return spec_.values.has(key) ? spec_.values.text(key) : ""; }

  const LayeredSettings::Held* use(std::string_view key) {
    const auto* held = settings_.find(key);
    if (held != nullptr && used_ != nullptr) used_->insert(held->setting);
    return held;
  }

  void choose(Kind kind, const std::string& fallback) {
    const std::string key = catalogue::to_text(kind);
    const auto* held = use(key);
    if (held == nullptr && fallback.empty()) {
      diagnostics_.error(whole_, "a trial has no " + key + "; name one in `trial:` or as an axis of `matrix:`");
      complete_ = false;
      return;
    }
    if (held != nullptr && !held->setting->value->is_scalar()) {
      const Node& value = *held->setting->value;
      diagnostics_.error(value.place, key + " must be a name, got " + shown(value));
      complete_ = false;
      return;
    }
    take(kind, held == nullptr ? fallback : held->setting->value->text);
  }

  /// Fills in the component and its parameters. A benchmark may be one's own: finish_trial judges it.
  void take(Kind kind, const std::string& name) {
    const std::string key = catalogue::to_text(kind);
    spec_.values.set(key, name);
    if (kind == Kind::kBenchmark || (kind == Kind::kMiner && name == "none")) return;
    const auto component = catalogue::lookup(kind, name);
    if (!component) {
      diagnostics_.error(settings_.place_of(key).value_or(whole_), component.error().message());
      complete_ = false;
      return;
    }
    spec_.values.set(key, (*component)->name);
    for (const Parameter& parameter : (*component)->parameters) {
      set(parameter, key + "." + parameter.name, parameter.fallback);
    }
  }

  /// A shared miner is a default for the criteria that take one, and for the samplers that leave triplets to it.
  void choose_miner() {
    const auto* miner = settings_.find("miner");
    const auto* sampler = settings_.find("sampler");
    const Component* chosen = catalogue::find(Kind::kSampler, said("sampler"));
    const bool mined = miner != nullptr && is_shared(miner->layer) && sampler != nullptr &&
                       !is_shared(sampler->layer) && chosen != nullptr && chosen->mines_triplets;
    if (mined) return take(Kind::kMiner, "none");
    const auto* criterion = settings_.find("criterion");
    const Component* entry =
        spec_.values.has("criterion") ? catalogue::find(Kind::kCriterion, spec_.values.text("criterion")) : nullptr;
    const bool inherited =
        miner != nullptr && is_shared(miner->layer) && criterion != nullptr && !is_shared(criterion->layer);
    if (inherited && entry != nullptr && !entry->needs_miner) {
      take(Kind::kMiner, "none");
    } else {
      choose(Kind::kMiner, "none");
    }
  }

  /// Parameters that the chosen component does not have.
  void refuse_misfits() {
    for (const auto& [name, held] : settings_) {
      if (spec_.values.has(name) || is_shared(held.layer)) continue;
      refuse_misfit(name, held);
    }
    // Settings that stand in one section with their component's choice must fit it, shared or not.
    for (const auto& [name, held] : settings_) {
      if (spec_.values.has(name) || !is_shared(held.layer)) continue;
      const std::string kind = name.substr(0, name.find('.'));
      const auto* choice = settings_.find(kind);
      const auto chosen = chosen_kind(kind);
      const bool chosen_here = choice != nullptr && chosen && choice->layer == held.layer && spec_.values.has(kind) &&
                               spec_.values.text(kind) == catalogue::name_of(*chosen, choice->setting->value->text);
      if (chosen_here) refuse_misfit(name, held);
    }
  }

  void refuse_misfit(const std::string& name, const LayeredSettings::Held& held) {
    const auto key = find_key(name);
    if (key && key->of_program && !is_shared(held.layer) && !key->parameter.empty()) {
      complete_ = false;
      diagnostics_.error(held.setting->key_place,
                         name + " is set, but no program runs the trial: oodml's own core does");
    }
    if (!key || !key->component || key->parameter.empty()) return;  // a value of the wrong type, reported before
    const std::string kind = catalogue::to_text(*key->component);
    if (!spec_.values.has(kind)) return;
    const std::string& chosen = spec_.values.text(kind);
    const Component* component = catalogue::find(*key->component, chosen);
    if (component == nullptr && chosen != "none") return;
    if (component != nullptr && component->find(key->parameter) != nullptr) return;
    complete_ = false;
    if (component == nullptr) {
      diagnostics_.error(held.setting->key_place, name + " is set, but the trial has no " + kind);
      return;
    }
    diagnostics_.error(held.setting->key_place, unknown_parameter(*component, key->parameter));
  }

  const LayeredSettings& settings_;
  const Place& whole_;
  Diagnostics& diagnostics_;
  std::set<const Setting*>* used_;
  job::TrialSpec spec_;
  bool complete_ = true;
};

}  // namespace

std::optional<job::TrialSpec> build_trial(const LayeredSettings& settings, const Place& whole, Diagnostics& diagnostics,
                                          std::set<const Setting*>* used) {
  if (named_program(settings) != nullptr) return build_program_trial(settings, whole, diagnostics, used);
  return TrialBuilder(settings, whole, diagnostics, used).build();
}

}  // namespace oodml::sweep
