#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

Entry entry(std::string name, std::string summary) {
  return Entry(Kind::kCriterion, std::move(name), std::move(summary));
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

}  // namespace

std::vector<Component> pair_criteria() { return {multisimilarity()}; }

}  // namespace oodml::catalogue
