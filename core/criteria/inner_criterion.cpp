#include "core/criteria/inner_criterion.h"

#include <utility>

#include "core/catalogue/catalogue.h"

namespace oodml::criteria {
namespace {

ComponentChoice choice_inside(const Params& params, const std::string& name) {
  const std::string prefix = name + "_";
  ComponentChoice choice{.name = name, .params = {}};
  for (const auto& [key, value] : params) {
    if (key.starts_with(prefix)) choice.params.set(key.substr(prefix.size()), value);
  }
  return choice;
}

}  // namespace

bool reads_tuples(const std::string& criterion) {
  const catalogue::Component* entry = catalogue::find(catalogue::Kind::kCriterion, criterion);
  return entry != nullptr && entry->needs_miner;
}

torch::Tensor InnerCriterion::loss(const BatchOutput& batch, const std::optional<miners::Tuples>& given) const {
  if (!miner) return criterion->forward(batch, std::nullopt);
  if (given) return criterion->forward(batch, given);
  return criterion->forward(batch, miner->mine(batch.embeddings.detach(), batch.labels, batch.generator));
}

std::vector<const miners::Miner*> miners_of(const std::vector<const InnerCriterion*>& inside) {
  std::vector<const miners::Miner*> miners;
  for (const InnerCriterion* inner : inside) {
    if (inner->miner) miners.push_back(inner->miner.get());
  }
  return miners;
}

Result<InnerCriterion> make_inner_criterion(const std::string& name, const Params& params,
                                            const CriterionContext& context) {
  InnerCriterion inner{.name = name};
  OODML_ASSIGN_OR_RETURN(inner.criterion, make_criterion(choice_inside(params, name), context));
  if (!reads_tuples(name)) return inner;
  if (context.miner.name == "none") {
    return invalid_argument("criterion " + name + " inside of another needs a miner, but miner is none");
  }
  OODML_ASSIGN_OR_RETURN(inner.miner, miners::make_miner(context.miner, context.compat_paper));
  return inner;
}

}  // namespace oodml::criteria
