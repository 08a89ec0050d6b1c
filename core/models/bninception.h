#pragma once

#include <memory>

#include "core/models/pooled_network.h"

namespace oodml::models {

/// Inception with batch norm as in Cadene's collection, its names: a convolution `inception_3a_3x3_reduce` with a bias
/// and its norm `inception_3a_3x3_reduce_bn`. It expects channels in the order blue, green, red.
/// Source: Ioffe and Szegedy, ICML 2015; the table is docs/models.md#bn-inception.
std::shared_ptr<Network> make_bninception(const NetworkOptions& options);

}  // namespace oodml::models
