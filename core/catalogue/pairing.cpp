#include <algorithm>

#include "core/base/words.h"
#include "core/catalogue/catalogue.h"

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
    if (!component->needs_miner) continue;
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

const std::vector<Input>& known_inputs() {
  static const std::vector<Input> inputs = {
      {"features", "the backbone's feature map and its pooled vector", ""},
      {"heads", "several embeddings of each image", "no backbone has several heads yet"},
      {"keys", "a momentum network's embeddings of another view, and a queue of earlier ones",
       "no momentum network is trained yet"},
      {"rotation", "images rotated by quarter turns", "no transform rotates images yet"},
  };
  return inputs;
}

Status check_inputs(std::string_view criterion) {
  OODML_ASSIGN_OR_RETURN(const Component* entry, lookup(Kind::kCriterion, criterion));
  for (const std::string& name : entry->inputs) {
    for (const Input& input : known_inputs()) {
      if (input.name == name && !input.missing.empty()) {
        return invalid_argument("criterion " + entry->name + " reads " + input.meaning + ", which a trial cannot offer: " +
                                input.missing);
      }
    }
  }
  return {};
}

std::string status_of(const Component& component) {
  std::string status = component.ours                    ? "ours"
                       : !component.paper_mode.empty() ? "corrected; `compat: paper` gives the references' form"
                                                         : "as the references";
  if (component.kind == Kind::kCriterion && !check_inputs(component.name).ok()) status += "; not in a trial yet";
  return status;
}

}  // namespace oodml::catalogue
