#include "core/catalogue/few_shot.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/catalogue/catalogue.h"

namespace oodml::catalogue {
namespace {

/// The trial's value of a parameter of `component`, else the default.
Value shared_value(const Params& values, std::string_view kind, const Component& component,
                   const Parameter& parameter) {
  const std::string group(kind);
  const bool same = values.has(group) && values.text(group) == component.name;
  const Value* own = same ? values.find(group + "." + parameter.name) : nullptr;
  if (own == nullptr) own = values.find(group + "." + component.name + "_" + parameter.name);
  return own == nullptr ? parameter.fallback : *own;
}

ComponentChoice shared_choice(const Params& values, Kind kind, const std::string& name) {
  ComponentChoice choice{name, {}};
  const Component* component = find(kind, name);
  if (component == nullptr) return choice;
  for (const Parameter& parameter : component->parameters) {
    choice.params.set(parameter.name, shared_value(values, to_text(kind), *component, parameter));
  }
  return choice;
}

std::string training_loss(const Params& values) {
  const std::string& criterion = values.text("criterion");
  return criterion == "diva" && values.has("criterion.loss") ? values.text("criterion.loss") : criterion;
}

}  // namespace

std::vector<std::string> few_shot_criteria() { return {"margin", "multisimilarity", "triplet"}; }

std::string few_shot_miner_of(std::string_view criterion) {
  if (criterion == "margin") return "distance";
  return criterion == "triplet" ? "random" : "none";
}

ComponentChoice few_shot_criterion(const Params& values) {
  ComponentChoice choice = shared_choice(values, Kind::kCriterion, values.text("few_shot.criterion"));
  if (choice.name == "margin") {
    if (values.number("few_shot.beta") >= 0) choice.params.set("beta", values.number("few_shot.beta"));
    choice.params.set("beta_constant", true);
  }
  if (choice.name == "multisimilarity" && training_loss(values).contains("margin")) {
    choice.params.set("d_mode", std::string("euclidean"));
  }
  return choice;
}

ComponentChoice few_shot_miner(const Params& values) {
  return shared_choice(values, Kind::kMiner, values.text("few_shot.miner"));
}

std::string few_shot_embeddings_of(std::string_view benchmark, const std::vector<std::string>& names) {
  std::string_view weights = "-1-1-1-1";
  if (benchmark == "cub200") weights = "-0.75-1.25-1.25-1.25";
  if (benchmark == "cars196") weights = "-0.5-1.5-1.5-1.5";
  const auto found = std::ranges::find_if(names, [&](const std::string& name) { return name.ends_with(weights); });
  if (found != names.end()) return *found;
  return names.empty() ? "embeds" : names.front();
}

std::optional<FewShotFigure> few_shot_figure(std::string_view name) {
  using enum FewShotFigure::Kind;
  static constexpr std::array<std::pair<std::string_view, FewShotFigure::Kind>, 5> kBeginnings = {
      {{"zero_shot.", kMean},
       {"few_shot.", kMean},
       {"zero_shot_conf.", kHalfWidth},
       {"few_shot_conf.", kHalfWidth},
       {"gain.", kGain}}};
  for (const auto& [beginning, kind] : kBeginnings) {
    if (name.starts_with(beginning)) return FewShotFigure{kind, name.substr(beginning.size())};
  }
  return std::nullopt;
}

std::vector<std::string> few_shot_columns(const std::vector<std::string>& metrics) {
  std::vector<std::string> columns;
  for (const std::string& metric : metrics) {
    if (is_list_metric(metric)) continue;
    for (const char* of : {"zero_shot.", "few_shot.", "gain."}) columns.push_back(of + metric);
  }
  return columns;
}

}  // namespace oodml::catalogue
