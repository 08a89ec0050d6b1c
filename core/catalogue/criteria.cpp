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

Component multisimilarity() {
  return entry("multisimilarity", "Pair weighting by self-similarity and relative similarity, mining inside")
      .expects_unit_rows()
      .number("pos_weight", 2.0, {.above = 0.0}, "alpha, sharpness of the positive term")
      .number("neg_weight", 40.0, {.above = 0.0}, "beta, sharpness of the negative term")
      .number("margin", 0.1, {}, "epsilon of the pair selection, similarity")
      .number("pos_thresh", 0.5, {}, "lambda of the positive term, similarity")
      .number("neg_thresh", 0.5, {}, "lambda of the negative term, similarity")
      .choice("d_mode", "cosine", {"cosine", "euclidean"}, "what a pair is measured with")
      .choice("variant", "oodml", {"oodml", "revisiting", "nir"}, "which project's reduction")
      .from("Wang et al., CVPR 2019")
      .component;
}

Component oproxy() {
  return entry("oproxy", "ProxyAnchor and ProxyNCA in one form: one trained proxy per class")
      .trains_parameters()
      .choice("mode", "anchor", {"anchor", "nca"}, "proxies as anchors (ProxyAnchor) or samples as anchors (ProxyNCA)")
      .number("lrmulti", 2000.0, {.at_least = 0.0}, "learning rate of the proxies, times lr")
      .number("pos_alpha", 32.0, {.above = 0.0}, "sharpness of the positive term")
      .number("neg_alpha", 32.0, {.above = 0.0}, "sharpness of the negative term")
      .number("pos_delta", 0.1, {}, "margin of the positive term, cosine similarity")
      .number("neg_delta", -0.1, {}, "margin of the negative term, cosine similarity")
      .flag("euclidean", false, "Euclidean distances instead of cosine similarities")
      .flag("detach_proxies", false, "no gradient to the proxies")
      .flag("unique", false, "average positives over the classes present instead of over samples")
      .choice("variant", "oodml", {"oodml", "nir"}, "batch of one class: negatives averaged over the other classes or all")
      .from("Kim et al., CVPR 2020")
      .component;
}

Component arcface() {
  return entry("arcface", "Softmax over classes with an additive angular margin")
      .expects_unit_rows()
      .trains_parameters()
      .number("angular_margin", 0.5, {.at_least = 0.0}, "margin, radians")
      .number("feature_scale", 16.0, {.above = 0.0}, "scale of the logits")
      .number("lr", 5e-4, {.at_least = 0.0}, "learning rate of the class map")
      .from("Deng et al., CVPR 2019")
      .component;
}

}  // namespace

std::vector<Component> criteria() {
  return {triplet(), contrastive(), margin(), multisimilarity(), oproxy(), arcface()};
}

}  // namespace oodml::catalogue
