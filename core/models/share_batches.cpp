#include "core/models/share_batches.h"

#include "core/models/backbone.h"
#include "core/models/dropout.h"
#include "core/models/layers.h"

namespace oodml::models {

void share_batches(torch::nn::Module& network, const std::shared_ptr<collective::Collective>& group) {
  for (const auto& module : network.modules()) {
    if (auto* norm = module->as<BatchNorm>()) norm->share_batches(group);
    if (auto* dropout = module->as<Dropout>()) dropout->share_batches(group->rank());
    if (auto* whole = module->as<Network>()) whole->take_part(group->rank());
  }
}

}  // namespace oodml::models
