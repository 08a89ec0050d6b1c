#include <utility>

#include "core/criteria/arcface.h"
#include "core/criteria/contrastive.h"
#include "core/criteria/criterion.h"
#include "core/criteria/margin.h"
#include "core/criteria/multisimilarity.h"
#include "core/criteria/oproxy.h"
#include "core/criteria/triplet.h"

namespace oodml::criteria {
namespace {

using Factory = std::shared_ptr<Criterion> (*)(const Params& params, const CriterionContext& context);

std::shared_ptr<Criterion> make_triplet(const Params& params, const CriterionContext&) {
  return std::make_shared<Triplet>(
      TripletOptions{.margin = params.number("margin"), .sum = params.text("reduction") == "sum"});
}

std::shared_ptr<Criterion> make_contrastive(const Params& params, const CriterionContext&) {
  return std::make_shared<Contrastive>(
      ContrastiveOptions{.pos_margin = params.number("pos_margin"), .neg_margin = params.number("neg_margin")});
}

std::shared_ptr<Criterion> make_margin(const Params& params, const CriterionContext& context) {
  return std::make_shared<Margin>(MarginOptions{.margin = params.number("margin"),
                                                .beta = params.number("beta"),
                                                .beta_lr = params.number("beta_lr"),
                                                .beta_constant = params.flag("beta_constant"),
                                                .nu = params.number("nu"),
                                                .count_pairs = params.text("count") == "pairs",
                                                .n_classes = context.n_classes});
}

MultisimilarityVariant multisimilarity_variant(const std::string& name) {
  if (name == "revisiting") return MultisimilarityVariant::kRevisiting;
  return name == "nir" ? MultisimilarityVariant::kNir : MultisimilarityVariant::kOodml;
}

std::shared_ptr<Criterion> make_multisimilarity(const Params& params, const CriterionContext& context) {
  return std::make_shared<Multisimilarity>(
      MultisimilarityOptions{.pos_weight = params.number("pos_weight"),
                             .neg_weight = params.number("neg_weight"),
                             .margin = params.number("margin"),
                             .pos_thresh = params.number("pos_thresh"),
                             .neg_thresh = params.number("neg_thresh"),
                             .euclidean = params.text("d_mode") == "euclidean",
                             .variant = multisimilarity_variant(params.text("variant")),
                             .reference_form = context.compat_paper});
}

std::shared_ptr<Criterion> make_oproxy(const Params& params, const CriterionContext& context) {
  return std::make_shared<Oproxy>(OproxyOptions{.nca = params.text("mode") == "nca",
                                                .pos_alpha = params.number("pos_alpha"),
                                                .neg_alpha = params.number("neg_alpha"),
                                                .pos_delta = params.number("pos_delta"),
                                                .neg_delta = params.number("neg_delta"),
                                                .euclidean = params.flag("euclidean"),
                                                .detach_proxies = params.flag("detach_proxies"),
                                                .unique = params.flag("unique"),
                                                .nir = params.text("variant") == "nir",
                                                .proxy_lr = context.lr * params.number("lrmulti"),
                                                .n_classes = context.n_classes,
                                                .embed_dim = context.embed_dim},
                                  context.generator);
}

std::shared_ptr<Criterion> make_arcface(const Params& params, const CriterionContext& context) {
  return std::make_shared<Arcface>(ArcfaceOptions{.angular_margin = params.number("angular_margin"),
                                                  .feature_scale = params.number("feature_scale"),
                                                  .lr = params.number("lr"),
                                                  .n_classes = context.n_classes,
                                                  .embed_dim = context.embed_dim},
                                   context.generator);
}

const std::vector<std::pair<std::string, Factory>>& builtin_criteria() {
  // clang-format off: one line a component
  static const std::vector<std::pair<std::string, Factory>> criteria = {
      {"triplet", make_triplet},
      {"contrastive", make_contrastive},
      {"margin", make_margin},
      {"multisimilarity", make_multisimilarity},
      {"oproxy", make_oproxy},
      {"arcface", make_arcface},
  };
  // clang-format on
  return criteria;
}

}  // namespace

Result<std::shared_ptr<Criterion>> make_criterion(const ComponentChoice& choice, const CriterionContext& context) {
  if (context.n_classes < 1 || context.embed_dim < 1) {
    return invalid_argument("criterion '" + choice.name + "' needs at least one class and one dimension, got " +
                            std::to_string(context.n_classes) + " and " + std::to_string(context.embed_dim));
  }
  std::string known;
  for (const auto& [name, make] : builtin_criteria()) {
    if (name == choice.name) return make(choice.params, context);
    known += (known.empty() ? "" : ", ") + name;
  }
  return invalid_argument("unknown criterion '" + choice.name + "'; known: " + known);
}

std::vector<std::string> criterion_names() {
  std::vector<std::string> names;
  for (const auto& [name, make] : builtin_criteria()) names.push_back(name);
  return names;
}

}  // namespace oodml::criteria
