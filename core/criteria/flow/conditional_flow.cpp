#include "core/criteria/flow/conditional_flow.h"

#include <map>
#include <stdexcept>

namespace oodml::criteria {
namespace {

bool sees_condition(const FlowOptions& options, std::int64_t block) {
  switch (options.mode) {
    case ConditionMode::kStart:
      return block == 0;
    case ConditionMode::kMid:
      return block == options.blocks / 2;
    case ConditionMode::kEnd:
      return block == options.blocks - 1;
    default:
      return true;
  }
}

std::int64_t count_nets(const FlowOptions& options) {
  switch (options.mode) {
    case ConditionMode::kDenseEmbed:
      return 1;
    case ConditionMode::kDenseEmbedMulti:
    case ConditionMode::kDenseEmbedMultiStacked:
      return options.blocks;
    default:
      return 0;
  }
}

}  // namespace

ConditionMode condition_mode(const std::string& name) {
  static const std::map<std::string, ConditionMode> modes = {
      {"dense", ConditionMode::kDense},
      {"dense_embed", ConditionMode::kDenseEmbed},
      {"dense_embed_multi", ConditionMode::kDenseEmbedMulti},
      {"dense_embed_multi_stacked", ConditionMode::kDenseEmbedMultiStacked},
      {"start", ConditionMode::kStart},
      {"mid", ConditionMode::kMid},
      {"end", ConditionMode::kEnd}};
  const auto found = modes.find(name);
  if (found == modes.end()) throw std::invalid_argument("conditional flow: unknown condition mode '" + name + "'");
  return found->second;
}

Conditioner::Conditioner(const FlowOptions& options, at::Generator generator) : options_(options) {
  const std::vector<std::int64_t> widths(3, options.coupling.dim);
  for (std::int64_t k = 0; k < count_nets(options); ++k) {
    nets_.push_back(register_module(std::to_string(k), std::make_shared<Perceptron>(widths, generator)));
  }
}

std::vector<torch::Tensor> Conditioner::forward(const torch::Tensor& condition) const {
  std::vector<torch::Tensor> conditions;
  auto current = options_.mode == ConditionMode::kDenseEmbed ? nets_[0]->forward(condition) : condition;
  for (std::int64_t k = 0; k < options_.blocks; ++k) {
    const auto index = static_cast<std::size_t>(k);
    if (options_.mode == ConditionMode::kDenseEmbedMulti) current = nets_[index]->forward(condition);
    if (options_.mode == ConditionMode::kDenseEmbedMultiStacked) current = nets_[index]->forward(current);
    conditions.push_back(sees_condition(options_, k) ? current : torch::Tensor());
  }
  return conditions;
}

ConditionalFlow::ConditionalFlow(const FlowOptions& options, at::Generator generator) {
  for (std::int64_t k = 0; k < options.blocks; ++k) {
    const std::int64_t condition_dim = sees_condition(options, k) ? options.coupling.dim : 0;
    const auto block = std::make_shared<CouplingBlock>(options.coupling, k, condition_dim, generator);
    blocks_.push_back(register_module(std::to_string(k), block));
  }
}

Transformed ConditionalFlow::forward(const torch::Tensor& x, const std::vector<torch::Tensor>& conditions) const {
  Transformed all{x, at::zeros({x.size(0)}, x.options())};
  for (std::size_t k = 0; k < blocks_.size(); ++k) {
    const auto [values, log_det] = blocks_[k]->forward(all.values, conditions.at(k));
    all = {values, all.log_det + log_det};
  }
  return all;
}

}  // namespace oodml::criteria
