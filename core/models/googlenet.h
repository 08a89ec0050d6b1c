#pragma once

#include <memory>

#include "core/models/pooled_network.h"

namespace oodml::models {

/// GoogLeNet with batch norm (eps 1e-3), torchvision's layout and names without the auxiliary heads: the branch called
/// 5x5 in the paper is 3x3, max pools round up, dropout 0.2 before the head.
///
/// Its published weights expect images of range [-1, 1]; with them comes a renormalisation of the input, kept in the
/// buffers `input_scale` and `input_shift` [3, 1, 1], which are 1 and 0 under random weights.
/// Source: Szegedy et al., CVPR 2015; torchvision googlenet.py for names and deviations.
std::shared_ptr<Network> make_googlenet(const NetworkOptions& options);

}  // namespace oodml::models
