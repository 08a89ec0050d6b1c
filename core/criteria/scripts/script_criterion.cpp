#include "core/criteria/scripts/script_criterion.h"

#include <ATen/Context.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "core/base/printable.h"
#include "core/criteria/batch.h"

namespace oodml::criteria {
namespace {

constexpr std::size_t kByPosition = 2;  // embeddings, labels

const scripts::Argument* find(const scripts::Module& module, std::string_view name) {
  const auto& arguments = module.arguments();
  const auto found = std::ranges::find(arguments, name, &scripts::Argument::name);
  return found - arguments.begin() < static_cast<std::ptrdiff_t>(kByPosition) || found == arguments.end() ? nullptr
                                                                                                          : &*found;
}

Status check_arguments(const scripts::Module& module, const std::string& who) {
  const auto& arguments = module.arguments();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool known = i < kByPosition || arguments[i].name == "features" || arguments[i].name == "tuples";
    if (known || !arguments[i].needed) continue;
    return invalid_argument(who + ": its forward needs '" + printable(arguments[i].name) +
                            "'; given are embeddings, labels, and by these names features and tuples");
  }
  if (arguments.size() >= kByPosition) return {};
  return invalid_argument(who + ": its forward must take embeddings and labels");
}

Status check_miner(scripts::Module& module, const std::string& miner, const std::string& who) {
  const scripts::Argument* tuples = find(module, "tuples");
  const auto said = module.attribute("needs_miner");
  const double* number = said ? std::get_if<double>(&*said) : nullptr;
  if (said && number == nullptr) return invalid_argument(who + ": its needs_miner must be true or false");
  const bool needs = (tuples != nullptr && tuples->needed) || (number != nullptr && *number != 0.0);
  if (needs && tuples == nullptr) {
    return invalid_argument(who + " says needs_miner, but its forward has no argument `tuples`");
  }
  if (needs && miner == "none") {
    return invalid_argument(who + " reads tuples: name a miner that gives triplets, as in miner: distance");
  }
  if (tuples != nullptr || miner == "none") return {};
  return invalid_argument(who + " has no argument `tuples`, but miner is " + miner +
                          "; leave it out or write miner: none");
}

/// The factors of `groups` on parameters by name; the longest name that covers a parameter holds.
Result<std::map<std::string, double>> rates_of(scripts::Module& module, double lr, const std::string& who) {
  const auto said = module.attribute("parameter_groups");
  const auto* groups = said ? std::get_if<std::map<std::string, double>>(&*said) : nullptr;
  if (said && groups == nullptr) {
    return invalid_argument(who + ": its parameter_groups must be a Dict[str, float], factors by names of parameters");
  }
  std::map<std::string, double> rates;
  for (const auto& item : module.named_parameters()) {
    if (item.value().requires_grad()) rates[item.key()] = lr;
  }
  if (groups == nullptr) return rates;
  for (const auto& [name, factor] : *groups) {  // in order of names: what a name begins stands before it
    bool any = false;
    if (!std::isfinite(factor) || factor < 0)
      return invalid_argument(who + ": a factor of parameter_groups is below 0");
    for (auto& [parameter, rate] : rates) {
      if (parameter != name && !parameter.starts_with(name + ".")) continue;
      rate = lr * factor;
      any = true;
    }
    if (!any) return invalid_argument(who + ": parameter_groups names '" + printable(name) + "', no parameter of it");
  }
  return rates;
}

/// [T, 3]: those that count.
torch::Tensor rows_of(const miners::Tuples& triplets) {
  const auto rows = at::stack({triplets.anchor, triplets.positive, triplets.negative}, 1);
  return triplets.valid.defined() ? rows.index({triplets.valid}) : rows;
}

void seed_draws(const BatchOutput& batch) {
  if (!batch.generator.defined()) return;
  auto generator = at::globalContext().defaultGenerator(batch.embeddings.device());
  const std::scoped_lock lock(generator.mutex());
  generator.set_current_seed(batch.generator.current_seed());
}

}  // namespace

ScriptCriterion::ScriptCriterion(std::string who, std::shared_ptr<scripts::Module> module,
                                 std::map<std::string, double> rates)
    : who_(std::move(who)), rates_(std::move(rates)) {
  module_ = register_module("script", std::move(module));
  reads_features_ = find(*module_, "features") != nullptr;
  reads_tuples_ = find(*module_, "tuples") != nullptr;
}

torch::Tensor ScriptCriterion::forward(const BatchOutput& batch, const std::optional<miners::Tuples>& given) {
  check_batch(batch);
  const auto& arguments = module_->arguments();
  std::map<std::string, torch::Tensor> values = {{arguments[0].name, batch.embeddings},
                                                 {arguments[1].name, batch.labels}};
  if (reads_features_) values["features"] = batch.avg_features;
  if (reads_tuples_ && given) {
    const auto rows = rows_of(check_triplets(batch, given));
    if (rows.size(0) == 0) return attached_zero(batch.embeddings);
    values["tuples"] = rows;
  }
  seed_draws(batch);
  const scripts::Returned returned = module_->call(values);
  const bool one = returned.tensors.size() == 1 && returned.tensors[0].defined() && returned.tensors[0].numel() == 1 &&
                   returned.tensors[0].is_floating_point();
  if (!one) throw std::invalid_argument(who_ + " returned " + returned.shown + "; accepted is a floating-point scalar");
  const torch::Tensor& loss = returned.tensors[0];
  if (at::GradMode::is_enabled() && batch.embeddings.requires_grad() && !loss.requires_grad()) {
    throw std::invalid_argument(who_ + " returned a number that depends on no embedding, so nothing can be learnt");
  }
  return loss.reshape({});
}

std::vector<ParameterGroup> ScriptCriterion::parameter_groups() const {
  std::map<double, std::vector<torch::Tensor>> by_rate;
  for (const auto& item : module_->named_parameters()) {
    if (const auto rate = rates_.find(item.key()); rate != rates_.end()) by_rate[rate->second].push_back(item.value());
  }
  std::vector<ParameterGroup> groups;
  for (auto& [rate, parameters] : by_rate) groups.push_back({std::move(parameters), rate});
  return groups;
}

Result<std::shared_ptr<Criterion>> make_script(const Params& params, const CriterionContext& context) {
  const std::string& name = params.text("file");
  OODML_ASSIGN_OR_RETURN(const auto file, scripts::find_script(context.scripts, name));
  OODML_ASSIGN_OR_RETURN(auto module, scripts::load_module(file, name));
  std::string who = "script " + printable(name);
  OODML_RETURN_IF_ERROR(check_arguments(*module, who));
  OODML_RETURN_IF_ERROR(check_miner(*module, context.miner.name, who));
  OODML_ASSIGN_OR_RETURN(auto rates, rates_of(*module, context.lr * params.number("lr_multi"), who));
  return std::make_shared<ScriptCriterion>(std::move(who), std::move(module), std::move(rates));
}

}  // namespace oodml::criteria
