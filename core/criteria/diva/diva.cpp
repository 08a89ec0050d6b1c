#include "core/criteria/diva/diva.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace oodml::criteria {
namespace {

constexpr std::array<std::string_view, 4> kHeads = {"discriminative", "shared", "selfsimilarity", "intra"};

/// What shared and intra mine with: the trial's options of `distance`, or its defaults under another miner (Q17).
ComponentChoice random_distance(const ComponentChoice& trial_miner) {
  ComponentChoice miner{.name = "random_distance", .params = {{"lower_cutoff", 0.5}, {"upper_cutoff", 1.4}}};
  if (trial_miner.name == "distance") miner.params = trial_miner.params;
  return miner;
}

Result<InnerCriterion> make_branch(const Params& params, CriterionContext context) {
  if (reads_tuples(params.text("loss"))) context.miner = random_distance(context.miner);
  return make_inner_criterion(params.text("loss"), params, context);
}

std::shared_ptr<Moco> moco_of(const Params& params, bool compat_paper) {
  const KeyWeighting weighting{.lower_cutoff = params.number("lower_cutoff"),
                               .upper_cutoff = params.number("upper_cutoff"),
                               .denormal_floor = compat_paper};
  return std::make_shared<Moco>(MocoOptions{.temperature = params.number("temperature"),
                                            .trainable_temp = params.flag("trainable_temp"),
                                            .temp_lr = params.number("temp_lr"),
                                            .weighting = weighting});
}

Status check_heads(const std::vector<std::string>& decorrelations) {
  OODML_RETURN_IF_ERROR(check_decorrelations(decorrelations));
  const auto known = [](std::string_view head) { return std::count(kHeads.begin(), kHeads.end(), head) > 0; };
  for (const std::string& direction : decorrelations) {
    const auto dash = direction.find('-');
    if (known(direction.substr(0, dash)) && known(direction.substr(dash + 1))) continue;
    return invalid_argument("decorrelations: '" + direction +
                            "' names an unknown head; known: discriminative, shared, selfsimilarity, intra");
  }
  return {};
}

}  // namespace

Diva::Diva(DivaOptions options, DivaParts parts) : options_(options), parts_(std::move(parts)) {
  register_module("discriminative", parts_.discriminative.criterion);
  register_module("separation", parts_.separation);
  register_module("moco", parts_.moco);
  register_module("shared", parts_.shared.criterion);
  register_module("intra", parts_.intra.criterion);
}

torch::Tensor Diva::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) { return loss(batch, {}); }

torch::Tensor Diva::loss(const BatchOutput& batch, const DivaTuples& given) {
  const auto at_head = [&](const std::string& name) {
    const auto head = batch.heads.find(name);
    if (head == batch.heads.end()) throw std::invalid_argument("diva: the batch has no head '" + name + "'");
    BatchOutput inner = batch;
    inner.embeddings = head->second;
    return inner;
  };
  const auto discriminative = parts_.discriminative.loss(at_head("discriminative"), given.discriminative);
  const auto self_similarity = parts_.moco->forward(at_head("selfsimilarity"), std::nullopt);
  const auto shared = parts_.shared.loss(at_head("shared"), given.shared);
  const auto intra = parts_.intra.loss(at_head("intra"), given.intra);
  return discriminative + options_.alpha_ssl * self_similarity + options_.alpha_shared * shared +
         options_.alpha_intra * intra + parts_.separation->forward(batch, std::nullopt);
}

std::vector<ParameterGroup> Diva::parameter_groups() const {
  std::vector<ParameterGroup> groups;
  const std::vector<const Criterion*> in_order = {parts_.discriminative.criterion.get(), parts_.separation.get(),
                                                  parts_.moco.get(), parts_.shared.criterion.get(),
                                                  parts_.intra.criterion.get()};
  for (const Criterion* part : in_order) {
    for (auto& group : part->parameter_groups()) groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<const miners::Miner*> Diva::miners_inside() const {
  return miners_of({&parts_.discriminative, &parts_.shared, &parts_.intra});
}

Result<std::shared_ptr<Criterion>> make_diva(const Params& params, const CriterionContext& context) {
  OODML_RETURN_IF_ERROR(check_heads(params.texts("decorrelations")));
  DivaParts parts;
  OODML_ASSIGN_OR_RETURN(parts.discriminative, make_inner_criterion(params.text("loss"), params, context));
  OODML_ASSIGN_OR_RETURN(parts.shared, make_branch(params, context));
  OODML_ASSIGN_OR_RETURN(parts.intra, make_branch(params, context));
  parts.moco = moco_of(params, context.compat_paper);
  // As in the references the regressors train at the network's rate, whatever their own default is (quirk T23).
  parts.separation = std::make_shared<AdversarialSeparation>(
      AdversarialSeparationOptions{.decorrelations = params.texts("decorrelations"),
                                   .rho_decorrelation = params.numbers("rho_decorrelation"),
                                   .decorrnet_dim = params.integer("decorrnet_dim"),
                                   .decorrnet_lr = context.lr,
                                   .embed_dim = context.embed_dim},
      context.generator);
  return std::make_shared<Diva>(DivaOptions{.alpha_ssl = params.number("alpha_ssl"),
                                            .alpha_shared = params.number("alpha_shared"),
                                            .alpha_intra = params.number("alpha_intra")},
                                std::move(parts));
}

}  // namespace oodml::criteria
