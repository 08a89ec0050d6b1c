#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace oodml::golden {

// Weights that are a formula of a tensor's name and an entry's number, as make_backbones.py computes them.

/// In [0, 1): entry i of the tensor `name`.
std::vector<double> formula_uniform(const std::string& name, std::int64_t count);

/// Matrices and filters uniform with deviation gain * sqrt(2 / fan-in), norms and variances in 0.75..1.25, the rest
/// in -0.1..0.1; num_batches_tracked is zero.
torch::Tensor formula_values(const std::string& name, const std::vector<std::int64_t>& shape, double gain);

}  // namespace oodml::golden
