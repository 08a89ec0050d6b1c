#pragma once

#include <memory>

#include "core/models/backbone.h"
#include "tests/golden/case.h"

namespace oodml::golden {

/// The network of a case's `arch` and `embed_dim`, with the formula's values under the library's names and the heads'
/// (`gain`); buffers that are ours get what goes with library weights. Throws CaseError for an unknown arch.
std::shared_ptr<models::Network> formula_network(const Case& golden);

/// [batch, 3, side, side] in -2..2.
torch::Tensor formula_images(std::int64_t batch, std::int64_t side);

}  // namespace oodml::golden
