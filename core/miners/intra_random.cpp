#include "core/miners/intra_random.h"

#include "core/miners/candidates.h"

namespace oodml::miners {

torch::Tensor first_of_class(const torch::Tensor& labels) {
  return class_equality(labels).tril(-1).any(1).logical_not();
}

Tuples IntraRandom::mine(const torch::Tensor&, const torch::Tensor& labels, at::Generator generator) {
  const at::NoGradGuard no_grad;
  const auto size = labels.size(0);
  if (size == 0) return {labels, labels, labels, {}};
  const Draw member = draw_per_row(first_of_class(labels).unsqueeze(0).expand({size, size}), generator);
  const auto members = class_equality(labels).index_select(0, member.column);  // [B, B]
  const Draw anchor = draw_per_row(members, generator);
  const Draw positive = draw_per_row(members, generator);
  const Draw negative = draw_per_row(members, generator);
  return {anchor.column, positive.column, negative.column, {}};
}

}  // namespace oodml::miners
