#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

Entry entry(std::string name, std::string summary) {
  return Entry(Kind::kCriterion, std::move(name), std::move(summary));
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

std::vector<Component> proxy_criteria() { return {oproxy(), arcface()}; }

}  // namespace oodml::catalogue
