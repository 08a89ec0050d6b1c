#include <utility>

#include "core/catalogue/script_name.h"
#include "core/criteria/criterion.h"
#include "core/criteria/distillation/s2sd.h"
#include "core/criteria/diva/adversarial_separation.h"
#include "core/criteria/diva/diva.h"
#include "core/criteria/diva/imrot.h"
#include "core/criteria/diva/moco.h"
#include "core/criteria/flow/nir.h"
#include "core/criteria/pairs/histogram.h"
#include "core/criteria/pairs/multisimilarity.h"
#include "core/criteria/proxies/arcface.h"
#include "core/criteria/proxies/oproxy.h"
#include "core/criteria/proxies/proxynca.h"
#include "core/criteria/proxies/softmax.h"
#include "core/criteria/proxies/softtriplet.h"
#include "core/criteria/scripts/script_criterion.h"
#include "core/criteria/tuples/angular.h"
#include "core/criteria/tuples/contrastive.h"
#include "core/criteria/tuples/lifted.h"
#include "core/criteria/tuples/margin.h"
#include "core/criteria/tuples/npair.h"
#include "core/criteria/tuples/quadruplet.h"
#include "core/criteria/tuples/snr.h"
#include "core/criteria/tuples/triplet.h"

namespace oodml::criteria {
namespace {

using Factory = Result<std::shared_ptr<Criterion>> (*)(const Params& params, const CriterionContext& context);

const std::vector<std::pair<std::string, Factory>>& builtin_criteria() {
  // clang-format off: one line a component
  static const std::vector<std::pair<std::string, Factory>> criteria = {
      {"triplet", make_triplet},
      {"contrastive", make_contrastive},
      {"margin", make_margin},
      {"npair", make_npair},
      {"lifted", make_lifted},
      {"angular", make_angular},
      {"quadruplet", make_quadruplet},
      {"snr", make_snr},
      {"multisimilarity", make_multisimilarity},
      {"histogram", make_histogram},
      {"oproxy", make_oproxy},
      {"arcface", make_arcface},
      {"proxynca", make_proxynca},
      {"softmax", make_softmax},
      {"softtriplet", make_softtriplet},
      {"adversarial_separation", make_adversarial_separation},
      {"moco", make_moco},
      {"fast_moco", make_fast_moco},
      {"imrot", make_imrot},
      {"diva", make_diva},
      {"s2sd", make_s2sd},
      {"nir", make_nir},
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
  if (choice.name == catalogue::kScript) return make_script(choice.params, context);
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
