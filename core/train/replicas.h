#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <vector>

#include "core/base/result.h"
#include "core/collective/collective.h"
#include "core/data/loader.h"
#include "core/models/backbone.h"
#include "core/models/tensor_file.h"
#include "core/samplers/batch_sampler.h"
#include "core/train/run_state.h"

namespace oodml::train {

// What processes that share each batch do with it. Rank r of n holds the r-th of n equal parts in the order of the
// batch; all of it does nothing in a process that is alone.

/// The own part of every batch.
samplers::Batches own_part(samplers::Batches batches, const collective::Collective& replicas);
/// The options under which a loader gives the images of own_part() as it would inside of whole batches of that size.
data::LoaderOptions for_own_part(data::LoaderOptions loader, std::int64_t batch_size,
                                 const collective::Collective& replicas);

/// Labels and positions [B] each of the whole batch, on the device of `labels`.
struct BatchIndex {
  torch::Tensor labels, positions;
};
BatchIndex whole_index(collective::Collective& replicas, const torch::Tensor& labels, const torch::Tensor& positions);

enum class WholeFeatures { kNone, kPooled, kAll };

/// The network's output for the whole batch, attached for the own part. Features that are not asked for stay those of
/// the own part.
models::NetworkOutput whole_output(collective::Collective& replicas, const models::NetworkOutput& own,
                                   WholeFeatures features);

/// Adds up gradients over the replicas in one call a type of number.
void add_up(collective::Collective& replicas, const std::vector<torch::Tensor>& gradients);

/// Gives every replica the first one's tensors. kFailedPrecondition when one of them stands elsewhere in the run.
Status start_together(collective::Collective& replicas, const RunState& state, const models::NamedTensors& tensors,
                      const torch::Device& device);

}  // namespace oodml::train
