#include "core/miners/npair.h"

#include "core/miners/candidates.h"

namespace oodml::miners {

Tuples NPair::mine(const torch::Tensor&, const torch::Tensor& labels, at::Generator generator) {
  const at::NoGradGuard no_grad;
  const Draw positive = draw_per_row(same_class(labels), generator);
  return {.anchor = at::arange(labels.size(0), labels.options()),
          .positive = positive.column,
          .valid = positive.found,
          .negative_set = other_class(labels)};
}

}  // namespace oodml::miners
