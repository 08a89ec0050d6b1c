#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

constexpr auto kDiva = "Milbich et al. (DiVA), ECCV 2020";

Entry entry(std::string name, std::string summary) { return Entry(Kind::kMiner, std::move(name), std::move(summary)); }

/// The parameters of every miner that draws its negatives by distance weighting.
Entry with_cutoffs(Entry miner) {
  return miner
      .number("lower_cutoff", 0.5, {.above = 0.0, .below = 2.0},
              "closer negatives are all equally likely, Euclidean distance")
      .number("upper_cutoff", 1.4, {.above = 0.0}, "accepted and, as in the references, without effect (quirk Q21)");
}

Component random() {
  return entry("random", "Triplets drawn uniformly, without replacement, from all valid ones")
      .from("Hu et al., CVPR 2014")
      .component;
}

Component semihard() {
  return entry("semihard", "Negatives farther than the positive, but by less than a margin")
      .number("margin", 0.2, {.at_least = 0.0}, "how much farther, Euclidean distance")
      .from("Schroff et al., CVPR 2015")
      .component;
}

Component distance() {
  return with_cutoffs(entry("distance", "Negatives drawn uniformly over distances on the hypersphere"))
      .in_paper_mode("Q36: an anchor alone in its class is its own positive; else it is left out")
      .from("Wu et al., ICCV 2017")
      .component;
}

Component rho_distance() {
  return with_cutoffs(entry("rho_distance", "Distance-weighted, now and then pushing a same-class pair apart")
                          .number("cp", 0.2, {.at_least = 0.0, .at_most = 1.0},
                                  "probability that the negative is a same-class sample"))
      .from("Roth et al., ICML 2020")
      .component;
}

Component npair() {
  return entry("npair", "One positive drawn uniformly, and all rows of other classes as the set of negatives")
      .gives_sets()
      .from("Sohn, NeurIPS 2016")
      .component;
}

Component lifted() {
  return entry("lifted", "All rows of the class as the set of positives, all other rows as the set of negatives")
      .gives_sets()
      .from("Oh Song et al., CVPR 2016")
      .component;
}

Component softhard() {
  return entry("softhard", "Positives farther than the nearest negative, negatives nearer than the farthest positive")
      .from("Roth et al., ICML 2020")
      .component;
}

Component parametric() {
  return entry("parametric", "Negatives drawn by a histogram over their distance to the anchor")
      .choice("mode", "uniform", {"uniform", "hards", "semihards", "veryhards"},
              "which distances weigh: all, up to 0.5, from 0.3 to 0.7, up to 0.3")
      .integer("n_support", 10, {.at_least = 2}, "support points; the bins lie between them")
      .interval("support_lim", 0.1, 1.4, {}, "first and last support point, Euclidean distance")
      .in_paper_mode("Q22: distances outside support_lim fall into the outer bins; semihards also weighs other bins")
      .from("Milbich et al. (ooDML), NeurIPS 2021")
      .component;
}

Component random_distance() {
  return with_cutoffs(entry("random_distance", "As distance, on the batch's labels in a random order"))
      .from(kDiva)
      .component;
}

Component intra_random() {
  return entry("intra_random", "Anchor, positive and negative drawn from one class, with replacement")
      .from(kDiva)
      .component;
}

Component epshn() {
  return entry("epshn", "The nearest positive and a semi-hard negative")
      .number("margin", 0.2, {.at_least = 0.0}, "how much farther than the positive, Euclidean distance")
      .from("Xuan et al., WACV 2020")
      .component;
}

Component shared_neg_distance() {
  return with_cutoffs(entry("shared_neg_distance",
                            "A distance-weighted negative, then a positive drawn uniformly from a third class"))
      .from(kDiva)
      .component;
}

Component shared_full_distance() {
  return with_cutoffs(
             entry("shared_full_distance", "A negative and a positive of two other classes, both distance-weighted"))
      .from(kDiva)
      .component;
}

Component easypositive() {
  return with_cutoffs(entry("easypositive", "As distance, an anchor alone in its class being left out in every mode"))
      .from("Milbich et al. (ooDML), NeurIPS 2021")
      .component;
}

}  // namespace

std::vector<Component> miners() {
  return {random(),
          semihard(),
          distance(),
          rho_distance(),
          npair(),
          lifted(),
          softhard(),
          parametric(),
          random_distance(),
          intra_random(),
          epshn(),
          shared_neg_distance(),
          shared_full_distance(),
          easypositive()};
}

}  // namespace oodml::catalogue
