#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/types.h>

#include <cstdint>
#include <utility>

namespace oodml::embedding_map {

/// [n, dimensions] double, normal, the same for a seed.
inline torch::Tensor random_rows(std::int64_t n, std::int64_t dimensions, std::uint64_t seed = 1) {
  return at::randn({n, dimensions}, at::make_generator<at::CPUGeneratorImpl>(seed), at::kDouble);
}

/// What `compute` gives under one thread and under three.
template <typename Compute>
std::pair<torch::Tensor, torch::Tensor> on_one_and_three_threads(const Compute& compute) {
  const int before = at::get_num_threads();
  at::set_num_threads(1);
  const torch::Tensor one = compute();
  at::set_num_threads(3);
  const torch::Tensor three = compute();
  at::set_num_threads(before);
  return {one, three};
}

}  // namespace oodml::embedding_map
