#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

Entry entry(std::string name, std::string summary) {
  return Entry(Kind::kMiner, std::move(name), std::move(summary));
}

constexpr auto kLowerCutoffHelp = "closer negatives are all equally likely, Euclidean distance";
constexpr auto kUpperCutoffHelp = "accepted and, as in the references, without effect (quirk Q21)";

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
  return entry("distance", "Negatives drawn uniformly over distances on the hypersphere")
      .number("lower_cutoff", 0.5, {.above = 0.0, .below = 2.0}, kLowerCutoffHelp)
      .number("upper_cutoff", 1.4, {.above = 0.0}, kUpperCutoffHelp)
      .from("Wu et al., ICCV 2017")
      .component;
}

Component rho_distance() {
  return entry("rho_distance", "Distance-weighted, now and then pushing a same-class pair apart")
      .number("cp", 0.2, {.at_least = 0.0, .at_most = 1.0}, "probability that the negative is a same-class sample")
      .number("lower_cutoff", 0.5, {.above = 0.0, .below = 2.0}, kLowerCutoffHelp)
      .number("upper_cutoff", 1.4, {.above = 0.0}, kUpperCutoffHelp)
      .from("Roth et al., ICML 2020")
      .component;
}

}  // namespace

std::vector<Component> miners() { return {random(), semihard(), distance(), rho_distance()}; }

}  // namespace oodml::catalogue
