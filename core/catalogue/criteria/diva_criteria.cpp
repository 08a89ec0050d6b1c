#include "core/catalogue/catalogue.h"
#include "core/catalogue/criteria/inner_criteria.h"
#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

constexpr auto kDivaPaper = "Milbich et al., ECCV 2020";
constexpr auto kFloorInPaperMode =
    "T33: weights of far keys are floored at the denormal 1e-45 instead of the smallest normal float";

Entry entry(std::string name, std::string summary) {
  return Entry(Kind::kCriterion, std::move(name), std::move(summary));
}

/// source-target, of any two heads.
std::vector<std::string> directions() {
  std::vector<std::string> all;
  for (const std::string& source : head_names()) {
    for (const std::string& target : head_names()) {
      if (source != target) all.push_back(source + "-" + target);
    }
  }
  return all;
}

/// Of adversarial_separation, alone or inside of diva.
Entry& add_separation(Entry& entry) {
  entry.texts("decorrelations", {"selfsimilarity-discriminative", "shared-discriminative", "intra-discriminative"},
              "directions source-target between heads that are separated");
  entry.component.parameters.back().choices = directions();
  return entry
      .numbers("rho_decorrelation", {300.0, 300.0, 300.0}, {},
               "weight of each direction; the shorter of the two lists ends both")
      .integer("decorrnet_dim", 512, {.at_least = 1}, "width of the regressors' hidden layer");
}

/// Of moco and fast_moco, alone or inside of diva.
Entry& add_moco(Entry& entry) {
  return entry.number("temperature", 0.01, {.above = 0.0}, "divisor of the similarities to the keys")
      .flag("trainable_temp", false, "train the temperature; it is clamped to [1e-8, 1e4]")
      .number("temp_lr", 5e-4, {.at_least = 0.0}, "learning rate of a trained temperature")
      .number("momentum", 0.9, {.at_least = 0.0, .at_most = 1.0},
              "of the network that embeds the keys: its weights keep this share a step")
      .integer("n_key_batches", 30, {.at_least = 1}, "batches of keys that the queue begins with and holds");
}

Entry& add_key_weighting(Entry& entry) {
  return entry
      .number("lower_cutoff", 0.5, {.above = 0.0, .below = 2.0},
              "nearer keys weigh as much as those at this Euclidean distance")
      .number("upper_cutoff", 1.4, {.above = 0.0}, "keys beyond this Euclidean distance hardly weigh");
}

Component adversarial_separation() {
  Entry separation = entry("adversarial_separation", "Heads of one network forced apart by adversarial regressors");
  add_separation(separation);
  return separation.number("decorrnet_lr", 1e-5, {.at_least = 0.0}, "learning rate of the regressors")
      .reads("heads")
      .trains_parameters()
      .from(kDivaPaper)
      .component;
}

Component moco() {
  Entry moco = entry("moco", "Each image against its other view, among the keys of a queue");
  add_moco(moco);
  return moco.reads("keys").expects_unit_rows().from("He et al., CVPR 2020").component;
}

Component fast_moco() {
  Entry moco = entry("fast_moco", "MoCo with negatives weighted by their distance");
  add_moco(moco);
  add_key_weighting(moco);
  return moco.reads("keys").expects_unit_rows().in_paper_mode(kFloorInPaperMode).from(kDivaPaper).component;
}

Component imrot() {
  return entry("imrot", "By how many quarter turns each image was rotated")
      .reads("features")
      .reads("rotation")
      .trains_parameters()
      .from("Gidaris et al., ICLR 2018")
      .component;
}

Component diva() {
  Entry diva = entry("diva", "Four heads for discriminative, shared, self-similar and intra-class features");
  diva.choice("loss", "margin", names_for_inside(), "criterion of the heads discriminative, shared and intra")
      .number("alpha_ssl", 0.3, {}, "weight of fast_moco on the head selfsimilarity")
      .number("alpha_shared", 0.3, {}, "weight of the criterion on the head shared")
      .number("alpha_intra", 0.3, {}, "weight of the criterion on the head intra");
  add_separation(diva);
  add_moco(diva);
  add_key_weighting(diva);
  diva.reads("heads").reads("keys").expects_unit_rows().trains_parameters().in_paper_mode(kFloorInPaperMode);
  diva.from(kDivaPaper).component.criteria_inside = {"loss"};
  add_inside(diva.component);
  return diva.component;
}

}  // namespace

std::vector<Component> diva_criteria() { return {adversarial_separation(), moco(), fast_moco(), imrot(), diva()}; }

}  // namespace oodml::catalogue
