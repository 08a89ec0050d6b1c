#include "core/catalogue/criteria/inner_criteria.h"
#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

Component s2sd() {
  Entry s2sd(Kind::kCriterion, "s2sd", "Branches of higher dimension teach the embedding their similarities");
  const auto inside = names_for_inside();
  s2sd.choice("source", "multisimilarity", inside, "criterion of the embedding")
      .choice("target", "multisimilarity", inside, "criterion of every branch")
      .number("T", 1.0, {.above = 0.0}, "temperature of the similarities that are compared")
      .number("w", 50.0, {}, "weight of the distillation from the branches")
      .flag("pool_aggr", false, "branches read average + maximum of the feature map")
      .integers("target_dims", {1024, 1536, 2048}, {.at_least = 1}, "embedding dimension of each branch")
      .flag("feat_distill", false, "also distil from the features themselves")
      .number("feat_w", 50.0, {}, "weight of the distillation from the features")
      .integer("feat_distill_delay", 1000, {.at_least = 0}, "steps before the distillation from the features begins")
      .choice("sub_lr", "base", {"base", "own"},
              "rate of margin, arcface and softmax inside: lr, as in the references (quirk Q18), or their own")
      .reads("features")
      .trains_parameters()
      .from("Roth et al., ICML 2021")
      .component.criteria_inside = {"source", "target"};
  add_inside(s2sd.component);
  return s2sd.component;
}

}  // namespace

std::vector<Component> distillation_criteria() { return {s2sd()}; }

}  // namespace oodml::catalogue
