#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

namespace oodml::criteria {

/// Proxies as the references start them: [n_classes, dim] float on the CPU, standard normal divided by 8.
torch::Tensor initial_proxies(std::int64_t n_classes, std::int64_t dim, const at::Generator& generator);

/// Uniform in [-bound, bound): float on the CPU.
torch::Tensor initial_uniform(at::IntArrayRef shape, double bound, const at::Generator& generator);

/// Class vectors as the references start them: [n_classes, dim], uniform within 1 / sqrt(dim).
torch::Tensor initial_class_map(std::int64_t n_classes, std::int64_t dim, const at::Generator& generator);

}  // namespace oodml::criteria
