#include "core/criteria/diva/adversarial_separation.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "core/criteria/batch.h"
#include "core/distances/pairwise.h"

namespace oodml::criteria {
namespace {

/// The value as it is, the gradient times -1: 2z - z is exactly z.
torch::Tensor reversed(const torch::Tensor& z) { return 2 * z.detach() - z; }

torch::Tensor head_of(const BatchOutput& batch, const std::string& name, std::int64_t dim) {
  const auto head = batch.heads.find(name);
  if (head == batch.heads.end() || head->second.dim() != 2 || head->second.size(1) != dim) {
    throw std::invalid_argument("adversarial_separation: needs a head '" + name + "' [B, " + std::to_string(dim) + "]");
  }
  return head->second;
}

std::string source_of(const std::string& direction) { return direction.substr(0, direction.find('-')); }
std::string target_of(const std::string& direction) { return direction.substr(direction.find('-') + 1); }

}  // namespace

AdversarialSeparation::AdversarialSeparation(AdversarialSeparationOptions options, at::Generator generator)
    : options_(std::move(options)) {
  const auto regressors = register_module("regressor", std::make_shared<torch::nn::Module>());
  const std::vector<std::int64_t> widths = {options_.embed_dim, options_.decorrnet_dim, options_.embed_dim};
  for (std::size_t i = 0; i < options_.decorrelations.size(); ++i) {
    const auto& name = options_.decorrelations[i];
    const auto regressor = regressors->register_module(name, std::make_shared<Perceptron>(widths, generator));
    if (i >= options_.rho_decorrelation.size()) continue;
    directions_.push_back({source_of(name), target_of(name), options_.rho_decorrelation[i], regressor});
  }
}

torch::Tensor AdversarialSeparation::forward(const BatchOutput& batch, const std::optional<miners::Tuples>&) {
  torch::Tensor loss;
  const auto add = [&](const torch::Tensor& term) { loss = loss.defined() ? loss + term : term; };
  for (const auto& [source, target, weight, regressor] : directions_) {
    const auto from = distances::unit_rows(reversed(head_of(batch, source, options_.embed_dim)));  // [B, D]
    const auto to = distances::unit_rows(reversed(head_of(batch, target, options_.embed_dim)));    // [B, D]
    const auto agreement = to * distances::unit_rows(regressor->forward(from));                    // [B, D]
    add(agreement.numel() == 0 ? attached_zero(agreement) : -weight * agreement.square().mean());
  }
  if (loss.defined()) return loss;
  for (const auto& [name, head] : batch.heads) add(attached_zero(head));
  if (!loss.defined()) throw std::invalid_argument("adversarial_separation: the batch has no heads");
  return loss;
}

std::vector<ParameterGroup> AdversarialSeparation::parameter_groups() const {
  return {{.parameters = parameters(), .lr = options_.decorrnet_lr}};
}

Status check_decorrelations(const std::vector<std::string>& decorrelations) {
  std::set<std::string> seen;
  for (const std::string& direction : decorrelations) {
    const bool one_dash = std::count(direction.begin(), direction.end(), '-') == 1;
    const bool is_direction = one_dash && !source_of(direction).empty() && !target_of(direction).empty() &&
                              direction.find('.') == std::string::npos && source_of(direction) != target_of(direction);
    if (!is_direction) {
      return invalid_argument("decorrelations: '" + direction +
                              "' is not a direction; write source-target with two heads, as in shared-discriminative");
    }
    if (!seen.insert(direction).second) return invalid_argument("decorrelations: '" + direction + "' is there twice");
  }
  return {};
}

Result<std::shared_ptr<Criterion>> make_adversarial_separation(const Params& params, const CriterionContext& context) {
  OODML_RETURN_IF_ERROR(check_decorrelations(params.texts("decorrelations")));
  return std::make_shared<AdversarialSeparation>(
      AdversarialSeparationOptions{.decorrelations = params.texts("decorrelations"),
                                   .rho_decorrelation = params.numbers("rho_decorrelation"),
                                   .decorrnet_dim = params.integer("decorrnet_dim"),
                                   .decorrnet_lr = params.number("decorrnet_lr"),
                                   .embed_dim = context.embed_dim},
      context.generator);
}

}  // namespace oodml::criteria
