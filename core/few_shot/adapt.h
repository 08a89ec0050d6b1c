#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/base/result.h"
#include "core/few_shot/options.h"
#include "core/few_shot/support_batches.h"
#include "core/miners/miner.h"
#include "core/models/backbone.h"

namespace oodml::few_shot {

enum class Flow { kGoOn, kStop, kNotFinite };

/// What an episode adapts: a copy of the trained network that nobody else holds, with the options' `adapted` embeddings
/// made by a JoinedNetwork around it.
struct Adapted {
  std::shared_ptr<models::Network> network;
  std::unique_ptr<miners::Miner> miner;  ///< null for a criterion without one
  std::int64_t classes = 1;              ///< Of the support.
};

/// The steps of one episode (docs/few_shot.md#adaptation): all parameters, or with only_last those of the heads, by an
/// optimiser of its own without weight decay, the rest of the network in evaluation mode; the criterion has nothing
/// that is trained. Draws are functions of `seeds` and the step. kStop once keep_going says no, which is asked before
/// each step with the number of those that are done.
Result<Flow> adapt(Adapted adapted, SupportBatches& batches, const FewShotOptions& options, const Training& training,
                   Seeds seeds, bool reads_features, const std::function<bool(std::int64_t)>& keep_going);

}  // namespace oodml::few_shot
