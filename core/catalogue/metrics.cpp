#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

Component metric(std::string name, std::string summary, std::string paper) {
  return Entry(Kind::kMetric, std::move(name), std::move(summary)).from(std::move(paper)).component;
}

Component e_recall() {
  Component component = metric("e_recall", "Recall@k: a same-class image among the k nearest, Euclidean distance",
                               "Jegou et al., TPAMI 2011");
  component.takes_k = true;
  return component;
}

Component dists() {
  Component component = metric("dists", "Mean cosine distance inside classes (intra) or between class centres (inter)",
                               "Roth et al., ICML 2020");
  component.variants = {"intra", "inter"};
  component.is_distance = true;
  return component;
}

}  // namespace

std::vector<Component> metrics() {
  return {
      e_recall(),
      metric("nmi", "Normalised mutual information of k-means clusters and classes", "Manning et al., 2010"),
      metric("mAP_1000", "Mean average precision over the 1000 nearest", "Roth et al., ICML 2020"),
      metric("mAP_c", "Mean average precision over as many neighbours as the class has images",
             "Musgrave et al., ECCV 2020"),
      dists(),
  };
}

}  // namespace oodml::catalogue
