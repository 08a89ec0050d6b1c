#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

constexpr auto kRecall = "Jegou et al., TPAMI 2011";
constexpr auto kClusters = "Manning et al., 2010";
constexpr auto kRoth = "Roth et al., ICML 2020";
constexpr auto kMusgrave = "Musgrave et al., ECCV 2020";
constexpr auto kPaddedRanks = "Q31: ranks behind the last neighbour count as images of the last image's class";

Entry metric(std::string name, std::string summary, std::string paper) {
  return Entry(Kind::kMetric, std::move(name), std::move(summary)).from(std::move(paper));
}

/// Reads neighbours, of which small sets have too few.
Component of_neighbours(std::string name, std::string summary, std::string paper) {
  return metric(std::move(name), std::move(summary), std::move(paper)).in_paper_mode(kPaddedRanks).component;
}

Component of_clusters(std::string name, std::string summary) {
  return metric(std::move(name), std::move(summary), kClusters).component;
}

Component recall(std::string name, std::string summary) {
  Component component = of_neighbours(std::move(name), std::move(summary), kRecall);
  component.takes_k = true;
  return component;
}

Component dists() {
  Component component = metric("dists",
                               "Mean cosine distance inside classes (intra), between class centres (inter), and the "
                               "ratio of both",
                               kRoth)
                            .component;
  component.variants = {"intra", "inter", "intra_over_inter"};
  component.is_distance = true;
  return component;
}

Component rho_spectrum() {
  Component component = metric("rho_spectrum",
                               "Divergence of the singular values from uniform: m > 0 KL(uniform || values), m < 0 the "
                               "other way round, without the |m| - 1 largest; m = 0 the values themselves",
                               kRoth)
                            .in_paper_mode("Q34: without the smallest of D singular values, as on a CPU")
                            .component;
  component.takes_order = true;
  component.is_distance = true;
  return component;
}

}  // namespace

std::vector<Component> metrics() {
  return {
      recall("e_recall", "Recall@k: a same-class image among the k nearest, Euclidean distance"),
      recall("c_recall", "Recall@k, cosine similarity"),
      recall("a_recall", "Another name of e_recall, which the references have but cannot run (quirk Q29)"),
      of_clusters("nmi", "Normalised mutual information of k-means clusters and classes"),
      of_clusters("f1", "F-measure over the pairs of images in a k-means cluster and a class"),
      of_clusters("c_nmi", "As nmi, with clusters of the normalised embeddings"),
      of_clusters("c_f1", "As f1, with clusters of the normalised embeddings"),
      of_neighbours("mAP", "Mean average precision over all neighbours", kRoth),
      of_neighbours("mAP_1000", "Mean average precision over the 1000 nearest", kRoth),
      of_neighbours("mAP_c", "Mean average precision over as many neighbours as the class has images", kMusgrave),
      of_neighbours("mAP_lim", "Mean average precision over the 1023 nearest", kRoth),
      of_neighbours("c_mAP", "As mAP, cosine similarity", kRoth),
      of_neighbours("c_mAP_1000", "As mAP_1000, cosine similarity", kRoth),
      of_neighbours("c_mAP_c", "As mAP_c, cosine similarity", kMusgrave),
      of_neighbours("c_mAP_lim", "As mAP_lim, cosine similarity", kRoth),
      dists(),
      rho_spectrum(),
  };
}

}  // namespace oodml::catalogue
