#include "core/criteria/single_pass/cross_entropy.h"

#include "core/criteria/single_pass/row_kernels.h"

namespace oodml::criteria {

double cross_entropy_of_row(float* logits, std::int64_t own, std::int64_t n, float weight) {
  const RowKernels& kernels = row_kernels();
  const double at_own = logits[own];
  const auto found = kernels.exponentials(logits, nullptr, n, /*plus_one=*/false, logits);
  kernels.line(logits, nullptr, weight * found.share, 0.0f, n, logits);
  logits[own] -= weight;
  return found.log - at_own;
}

}  // namespace oodml::criteria
