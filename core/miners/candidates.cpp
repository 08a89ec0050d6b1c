#include "core/miners/candidates.h"

namespace oodml::miners {

torch::Tensor class_equality(const torch::Tensor& labels) { return labels.unsqueeze(1).eq(labels.unsqueeze(0)); }

torch::Tensor same_class(const torch::Tensor& labels) {
  auto same = class_equality(labels);
  same.fill_diagonal_(false);
  return same;
}

torch::Tensor other_class(const torch::Tensor& labels) { return labels.unsqueeze(1).ne(labels.unsqueeze(0)); }

Draw draw_per_row(const torch::Tensor& weights, const at::Generator& generator) {
  if (weights.size(1) == 0) return {weights.sum(1, false, at::kLong), weights.any(1)};
  const auto cumulative = weights.to(at::kDouble).cumsum(1);                          // [R, C]
  const auto total = cumulative.select(1, -1);                                        // [R]
  const auto uniform = at::rand({weights.size(0)}, generator, cumulative.options());  // [R] in [0, 1)
  // uniform < 1 keeps the target below the total, so the first larger entry belongs to a positive weight.
  const auto column = at::searchsorted(cumulative, (uniform * total).unsqueeze(1), /*out_int32=*/false,
                                       /*right=*/true);
  return {column.squeeze(1).clamp_max(weights.size(1) - 1), total.gt(0)};
}

}  // namespace oodml::miners
