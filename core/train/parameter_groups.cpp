#include "core/train/parameter_groups.h"

#include <utility>

namespace oodml::train {

std::vector<ParameterGroup> make_groups(const torch::nn::Module& network, const criteria::Criterion& criterion,
                                        const GroupOptions& options) {
  ParameterGroup body{{}, options.lr, options.weight_decay};
  ParameterGroup head{{}, options.fc_lr, options.weight_decay};
  for (const auto& item : network.named_parameters()) {
    const bool apart = options.fc_lr >= 0 && item.key().starts_with("last_linear.");
    (apart ? head : body).parameters.push_back(item.value());
  }
  std::vector<ParameterGroup> groups = {std::move(body), std::move(head)};
  for (auto& group : criterion.parameter_groups()) groups.push_back({std::move(group.parameters), group.lr, 0.0});
  return groups;
}

}  // namespace oodml::train
