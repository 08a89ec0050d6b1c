#include "core/miners/lifted.h"

#include "core/miners/candidates.h"

namespace oodml::miners {

Tuples Lifted::mine(const torch::Tensor&, const torch::Tensor& labels, at::Generator) {
  const at::NoGradGuard no_grad;
  const auto same = same_class(labels);
  return {.anchor = at::arange(labels.size(0), labels.options()),
          .valid = same.any(1),
          .positive_set = same,
          .negative_set = other_class(labels)};
}

}  // namespace oodml::miners
