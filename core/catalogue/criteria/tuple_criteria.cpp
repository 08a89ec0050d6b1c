#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

Entry entry(std::string name, std::string summary) {
  return Entry(Kind::kCriterion, std::move(name), std::move(summary));
}

Component triplet() {
  return entry("triplet", "Hinge on the difference of squared distances of a triplet")
      .needs_miner()
      .number("margin", 0.2, {.at_least = 0.0}, "margin between squared distances")
      .choice("reduction", "mean", {"mean", "sum"}, "over triplets; PADS sums")
      .from("Schroff et al., CVPR 2015")
      .component;
}

Component contrastive() {
  return entry("contrastive", "Pulls positives within one distance, pushes negatives beyond another")
      .needs_miner()
      .expects_unit_rows()
      .number("pos_margin", 0.0, {.at_least = 0.0}, "positives closer than this cost nothing, Euclidean distance")
      .number("neg_margin", 1.0, {.at_least = 0.0}, "negatives farther than this cost nothing, Euclidean distance")
      .from("Hadsell et al., CVPR 2006")
      .component;
}

Component margin() {
  return entry("margin", "Margin loss with a learned boundary per class")
      .needs_miner()
      .expects_unit_rows()
      .trains_parameters()
      .number("margin", 0.2, {.at_least = 0.0}, "half-width of the band around beta, Euclidean distance")
      .number("beta", 1.2, {.at_least = 0.0}, "initial boundary, Euclidean distance")
      .number("beta_lr", 5e-4, {.at_least = 0.0}, "learning rate of the boundaries")
      .flag("beta_constant", false, "keep beta fixed, one value for all classes")
      .number("nu", 0.0, {}, "weight of the sum of the betas used")
      .choice("count", "triplets", {"triplets", "pairs"}, "what the sum is divided by: active triplets or active pairs")
      .from("Wu et al., ICCV 2017")
      .component;
}

}  // namespace

std::vector<Component> tuple_criteria() { return {triplet(), contrastive(), margin()}; }

}  // namespace oodml::catalogue
