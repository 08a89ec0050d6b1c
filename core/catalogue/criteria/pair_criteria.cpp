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
      .integer("dim", 0, {.at_least = 0.0, .at_most = 1.0},
               "axis of the reduction over anchors; without effect, since similarities are symmetric")
      .choice("variant", "oodml", {"oodml", "revisiting", "nir"}, "which project's reduction")
      .in_paper_mode("Q8: with variant oodml an anchor may be its own positive")
      .in_paper_mode("Q9: with variant oodml a term without any pair is the constant ln 2 / weight")
      .from("Wang et al., CVPR 2019")
      .component;
}

Component histogram() {
  return entry("histogram", "Overlap of the histograms of positive and negative similarities")
      .expects_unit_rows()
      .integer("nbins", 65, {.at_least = 2.0, .at_most = 100000.0}, "nodes of the histograms, from -1 to 1")
      .from("Ustinova and Lempitsky, NeurIPS 2016")
      .component;
}

}  // namespace

std::vector<Component> pair_criteria() { return {multisimilarity(), histogram()}; }

}  // namespace oodml::catalogue
