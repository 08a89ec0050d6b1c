#include "core/miners/random_distance.h"

#include "core/miners/distance.h"

namespace oodml::miners {

Tuples RandomDistance::mine(const torch::Tensor& embeddings, const torch::Tensor& labels, at::Generator generator) {
  const at::NoGradGuard no_grad;
  const auto permuted = labels.index_select(0, at::randperm(labels.size(0), generator, labels.options()));
  return Distance({.lower_cutoff = lower_cutoff_}).mine(embeddings, permuted, generator);
}

}  // namespace oodml::miners
