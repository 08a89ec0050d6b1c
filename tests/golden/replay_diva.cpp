#include <ATen/CPUGeneratorImpl.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/catalogue/catalogue.h"
#include "core/criteria/diva/diva.h"
#include "tests/golden/criterion_case.h"
#include "tests/golden/replay_criteria.h"

namespace oodml::golden {
namespace {

using Heads = std::map<std::string, torch::Tensor>;

/// Every `in.embeddings.<head>`, a leaf of the graph each.
Heads heads_of(const Case& golden) {
  const std::string prefix = "in.embeddings.";
  Heads heads;
  for (const auto& [name, tensor] : golden.tensors) {
    if (name.starts_with(prefix)) heads[name.substr(prefix.size())] = leaf(golden, name.substr(3));
  }
  if (heads.empty()) throw CaseError("the file has no heads");
  return heads;
}

std::shared_ptr<criteria::Criterion> made(const ComponentChoice& choice, const Case& golden, const torch::Tensor& rows,
                                          bool compat_paper) {
  const auto criterion = criteria::make_criterion(
      choice, {.embed_dim = rows.size(1),
               .feature_dim = rows.size(1),
               .n_classes = golden.n_classes,
               .miner = {.name = "distance", .params = {{"lower_cutoff", 0.5}, {"upper_cutoff", 1.4}}},
               .compat_paper = compat_paper,
               .generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{1})});
  if (!criterion) throw CaseError(criterion.error().message());
  (*criterion)->to(rows.device(), rows.scalar_type());
  return *criterion;
}

void check_heads(const Heads& heads, const Case& golden, Comparison& comparison) {
  for (const auto& [name, head] : heads) check_gradient("embeddings." + name, head, golden, comparison);
}

/// The case with the names that diva gives its parts: beta of the loss inside is margin_beta, param.beta.shared is
/// param.shared.beta.
Case in_names_of_diva(Case golden) {
  const auto* entry = catalogue::find(catalogue::Kind::kCriterion, "diva");
  const std::string inside = golden.params.value("loss", "margin") + "_";
  nlohmann::json params;
  for (const auto& [name, value] : golden.params.items()) {
    params[name == "dtype" || entry->find(name) != nullptr ? name : inside + name] = value;
  }
  golden.params = params;
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& [name, tensor] : golden.tensors) {
    std::string own = name;
    const auto dot = name.find('.') + 1;
    if (name.substr(dot).starts_with("beta.")) own = name.substr(0, dot) + name.substr(dot + 5) + ".beta";
    if (name.substr(dot).starts_with("regressor.")) own = name.substr(0, dot) + "separation." + name.substr(dot);
    if (name.substr(dot) == "temperature") own = name.substr(0, dot) + "moco.temperature";
    tensors[own] = tensor;
  }
  golden.tensors = std::move(tensors);
  return golden;
}

miners::Tuples tuples_of_head(const Case& golden, const std::string& head) {
  return {golden.at("in.anchor." + head), golden.at("in.positive." + head), golden.at("in.negative." + head), {}};
}

}  // namespace

void replay_adversarial_separation(const Case& golden, bool compat_paper, Comparison& comparison) {
  const Heads heads = heads_of(golden);
  const auto criterion = made(criterion_choice(golden), golden, heads.begin()->second, compat_paper);
  load_parameters(golden, *criterion);
  const auto loss = criterion->forward({.heads = heads}, std::nullopt);
  comparison.check("out.loss", loss);
  loss.backward();
  check_heads(heads, golden, comparison);
  check_gradients(*criterion, golden, comparison);
}

void replay_imrot(const Case& golden, bool compat_paper, Comparison& comparison) {
  const auto features = leaf(golden, "features");
  const auto criterion = made(criterion_choice(golden), golden, features, compat_paper);
  load_parameters(golden, *criterion);
  const auto loss = criterion->forward({.avg_features = features, .rotation = golden.at("in.rotation")}, std::nullopt);
  comparison.check("out.loss", loss);
  loss.backward();
  check_gradient("features", features, golden, comparison);
  check_gradients(*criterion, golden, comparison);
}

/// The tuples of each head are given in place of mined ones.
void replay_diva(const Case& golden, bool compat_paper, Comparison& comparison) {
  const Case own = in_names_of_diva(golden);
  const Heads heads = heads_of(golden);
  const auto criterion = made(criterion_choice(own), golden, heads.begin()->second, compat_paper);
  load_parameters(own, *criterion);
  const auto loss = dynamic_cast<criteria::Diva&>(*criterion)
                        .loss({.labels = golden.at("in.labels"),
                               .heads = heads,
                               .keys = golden.at("in.keys"),
                               .queue = golden.at("in.queue")},
                              {tuples_of_head(golden, "discriminative"), tuples_of_head(golden, "shared"),
                               tuples_of_head(golden, "intra")});
  comparison.check("out.loss", loss);
  loss.backward();
  check_heads(heads, golden, comparison);
  for (const auto& item : criterion->named_parameters()) {
    std::string name = item.key();  // back to the names of the file
    if (name.ends_with(".beta")) name = "beta." + name.substr(0, name.size() - 5);
    if (name.starts_with("separation.") || name.starts_with("moco.")) name = name.substr(name.find('.') + 1);
    check_gradient(name, item.value(), golden, comparison);
  }
}

}  // namespace oodml::golden
