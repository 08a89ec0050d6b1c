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
      .choice("variant", "oodml", {"oodml", "nir"},
              "batch of one class: negatives averaged over the other classes or all")
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

Component proxynca() {
  return entry("proxynca", "Neighbourhood components with one trained proxy per class in place of neighbours")
      .trains_parameters()
      .number("lrmulti", 50.0, {.at_least = 0.0}, "learning rate of the proxies, times lr")
      .number("sphereradius", 3.0, {.above = 0.0}, "length that rows and proxies are scaled to")
      .number("temperature", 1.0, {.above = 0.0}, "divides the term of the own proxy only (quirk Q10)")
      .flag("convert_to_p", false, "normalise over all classes instead of over the others")
      .flag("cosine_dist", false, "negative dot products instead of squared distances; wins over sq_dist")
      .flag("sq_dist", false, "plain instead of squared Euclidean distances, against its name (quirk Q10)")
      .flag("euclid", false, "the same as sq_dist under a fitting name")
      .from("Movshovitz-Attias et al., ICCV 2017")
      .component;
}

Component softmax() {
  return entry("softmax", "Softmax over classes of cosines to one trained vector per class")
      .expects_unit_rows()
      .trains_parameters()
      .number("temperature", 0.05, {.above = 0.0}, "divides the cosines")
      .number("lr", 1e-5, {.at_least = 0.0}, "learning rate of the class map")
      .from("Zhai and Wu, BMVC 2019")
      .component;
}

Component softtriplet() {
  return entry("softtriplet", "Softmax over classes with several trained centroids each")
      .expects_unit_rows()
      .trains_parameters()
      .number("lrmulti", 1.0, {.at_least = 0.0}, "learning rate of the centroids, times lr")
      .integer("n_centroids", 2, {.at_least = 1.0, .at_most = 1024.0}, "centroids of each class")
      .number("margin_delta", 0.01, {.at_least = 0.0}, "margin to the own class, similarity")
      .number("gamma", 0.1, {.above = 0.0}, "smoothness of the choice among the centroids of a class")
      .number("lambda", 8.0, {.above = 0.0}, "scale of the logits")
      .number("reg_weight", 0.2, {.at_least = 0.0}, "weight of the regulariser that merges centroids of a class")
      .in_paper_mode("Q6: centroids are scaled along the wrong axis, the softmax runs over classes, gamma multiplies")
      .from("Qian et al., ICCV 2019")
      .component;
}

}  // namespace

std::vector<Component> proxy_criteria() { return {oproxy(), arcface(), proxynca(), softmax(), softtriplet()}; }

}  // namespace oodml::catalogue
