#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

Entry entry(std::string name, std::string summary) {
  return Entry(Kind::kCriterion, std::move(name), std::move(summary));
}

Component triplet() {
  return entry("triplet", "Hinge on the difference of squared distances of a triplet")
      .also_called("shared_triplet")
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
      .also_called("shared_margin")
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

Component npair() {
  return entry("npair", "Softmax of the positive's dot product over those of all negatives")
      .needs_miner({"npair"})
      .number("l2", 0.005, {.at_least = 0.0}, "weight of the mean norm of the embeddings")
      .from("Sohn, NeurIPS 2016")
      .component;
}

Component lifted() {
  return entry("lifted", "Generalised lifted structure: all positives and all negatives of an anchor")
      .needs_miner({"lifted"})
      .number("neg_margin", 1.0, {.at_least = 0.0}, "distance that negatives are pushed to, Euclidean")
      .number("l2", 0.005, {.at_least = 0.0}, "weight of the mean norm of the embeddings")
      .from("Hermans et al., arXiv 2017")
      .component;
}

Component angular() {
  return entry("angular", "N-pair loss with a bound on the angle at the negative")
      .needs_miner({"npair"})
      .number("alpha", 45.0, {.above = 0.0, .below = 90.0}, "largest angle at the negative, degrees")
      .number("npair_ang_weight", 2.0, {.at_least = 0.0}, "weight of the angular term beside the N-pair term")
      .number("npair_l2", 0.005, {.at_least = 0.0}, "weight of the mean norm of the embeddings")
      .from("Wang et al., ICCV 2017")
      .component;
}

Component quadruplet() {
  return entry("quadruplet", "Triplet hinge, and one against a negative pair without the anchor")
      .needs_miner()
      .expects_unit_rows()
      .number("margin_alpha_1", 0.2, {.at_least = 0.0}, "margin to the negative, Euclidean distance")
      .number("margin_alpha_2", 0.2, {.at_least = 0.0}, "margin to negative and fourth, Euclidean distance")
      .in_paper_mode("Q5: fourth samples are drawn by position, the second mean is over every triplet and fourth")
      .from("Chen et al., CVPR 2017")
      .component;
}

Component snr() {
  return entry("snr", "Hinge on the noise-to-signal ratios of a triplet")
      .needs_miner()
      .expects_unit_rows()
      .number("margin", 0.2, {.at_least = 0.0}, "margin between the ratios")
      .number("reg_lambda", 0.005, {.at_least = 0.0},
              "weight of the anchors' coordinate sums; zero with distance, random_distance and shared_*_distance")
      .from("Yuan et al., CVPR 2019")
      .component;
}

}  // namespace

std::vector<Component> tuple_criteria() {
  return {triplet(), contrastive(), margin(), npair(), lifted(), angular(), quadruplet(), snr()};
}

}  // namespace oodml::catalogue
