#include "core/metrics/unit_rows.h"

namespace oodml::metrics {
namespace {

bool is_double(const torch::Tensor& rows) { return rows.scalar_type() == at::kDouble; }

}  // namespace

torch::Tensor unit_rows(const torch::Tensor& rows) {
  return rows / rows.norm(2, 1, /*keepdim=*/true).clamp_min(is_double(rows) ? 1e-300 : 1e-12);
}

torch::Tensor unit_rows_of_any_length(const torch::Tensor& rows) {
  return unit_rows(rows / rows.abs().amax(1, /*keepdim=*/true).clamp_min(is_double(rows) ? 1e-300 : 1e-38));
}

}  // namespace oodml::metrics
