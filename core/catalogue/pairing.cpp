#include <algorithm>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"
#include "core/catalogue/lists.h"

namespace oodml::catalogue {
namespace {

std::vector<std::string> miners_giving_triplets() {
  std::vector<std::string> names;
  for (const Component& miner : components(Kind::kMiner)) {
    if (!miner.gives_sets) names.push_back(miner.name);
  }
  return names;
}

/// The text of a parameter as chosen, or its default.
std::string text_of(const ComponentChoice& choice, const Component& entry, const std::string& parameter) {
  const Value* chosen = choice.params.find(parameter);
  return std::get<std::string>(chosen != nullptr ? *chosen : entry.find(parameter)->fallback);
}

/// The criteria that the trial's miner serves: the one chosen, or those inside of it.
Result<std::vector<const Component*>> served_by_miner(const ComponentChoice& choice, const Component& entry) {
  if (entry.criteria_inside.empty()) return std::vector<const Component*>{&entry};
  std::vector<const Component*> inside;
  for (const std::string& parameter : entry.criteria_inside) {
    OODML_ASSIGN_OR_RETURN(const Component* component, lookup(Kind::kCriterion, text_of(choice, entry, parameter)));
    inside.push_back(component);
  }
  return inside;
}

}  // namespace

Status check_pairing(const ComponentChoice& criterion, std::string_view miner) {
  OODML_ASSIGN_OR_RETURN(const Component* entry, lookup(Kind::kCriterion, criterion.name));
  OODML_ASSIGN_OR_RETURN(const auto served, served_by_miner(criterion, *entry));
  if (miner != "none") OODML_RETURN_IF_ERROR(lookup(Kind::kMiner, miner));

  bool needed = false;
  for (const Component* component : served) {
    if (!component->needs_miner && (!component->may_mine || miner == "none")) continue;
    needed = true;
    const auto allowed = component->miners.empty() ? miners_giving_triplets() : component->miners;
    const std::string who =
        component == entry ? "criterion " + entry->name : "criterion " + component->name + " inside " + entry->name;
    if (miner == "none") return invalid_argument(who + " needs a miner: one of " + joined(allowed));
    if (std::find(allowed.begin(), allowed.end(), miner) == allowed.end()) {
      return invalid_argument(who + " cannot use miner " + std::string(miner) + "; accepted: " + joined(allowed));
    }
  }
  if (needed || miner == "none") return {};
  return invalid_argument("criterion " + entry->name + " takes no miner, but miner is " + std::string(miner) +
                          "; leave it out or write miner: none");
}

Status check_sampler(const ComponentChoice& criterion, std::string_view miner, const Component& sampler) {
  if (!sampler.mines_triplets) return check_pairing(criterion, miner);
  OODML_ASSIGN_OR_RETURN(const Component* entry, lookup(Kind::kCriterion, criterion.name));
  if (miner != "none") {
    OODML_RETURN_IF_ERROR(lookup(Kind::kMiner, miner));
    return invalid_argument("sampler " + sampler.name + " mines its triplets itself, but miner is " +
                            std::string(miner) + "; leave it out or write miner: none");
  }
  const auto takes_triplets = [](const Component& one) {
    return one.needs_miner && one.miners.empty() && one.criteria_inside.empty();
  };
  if (takes_triplets(*entry)) return {};
  std::vector<std::string> served;
  for (const Component& known : components(Kind::kCriterion)) {
    if (takes_triplets(known)) served.push_back(known.name);
  }
  return invalid_argument("sampler " + sampler.name + " draws triplets, which criterion " + entry->name +
                          " does not take; accepted: " + joined(served));
}

const std::vector<Input>& known_inputs() {
  static const std::vector<Input> inputs = {
      {"features", "the backbone's feature map and its pooled vector"},
      {"heads", "several embeddings of each image"},
      {"keys", "a momentum network's embeddings of another view, and a queue of earlier ones"},
      {"rotation", "images rotated by quarter turns"},
  };
  return inputs;
}

bool reads(const Component& criterion, std::string_view input) {
  return std::find(criterion.inputs.begin(), criterion.inputs.end(), input) != criterion.inputs.end();
}

Status check_inputs(std::string_view criterion, std::string_view arch) {
  OODML_ASSIGN_OR_RETURN(const Component* entry, lookup(Kind::kCriterion, criterion));
  OODML_ASSIGN_OR_RETURN(const Arch parsed, parse_arch(arch));
  if (!reads(*entry, "heads") || parsed.several_heads) return {};
  return invalid_argument("criterion " + entry->name + " reads several embeddings of each image: write arch: " +
                          std::string(kSeveralHeads) + std::string(arch));
}

std::string status_of(const Component& component) {
  if (component.ours) return "ours";
  return component.paper_mode.empty() ? "as the references" : "corrected; `compat: paper` gives the references' form";
}

}  // namespace oodml::catalogue
