#include "core/metrics/singular_values.h"

#include <algorithm>

namespace oodml::metrics {
namespace {

constexpr std::int64_t kBlockRows = 2048;

}  // namespace

std::vector<double> singular_values(const torch::Tensor& rows) {
  const at::NoGradGuard no_grad;
  const std::int64_t block_rows = std::max(kBlockRows, 2 * rows.size(1));
  auto triangle = at::empty({0, rows.size(1)}, rows.options().dtype(at::kDouble));
  for (const auto& block : rows.split(block_rows)) {
    triangle = std::get<1>(at::linalg_qr(at::cat({triangle, block.to(at::kDouble)}), "r"));
  }
  // On a GPU the decomposition of a small matrix is slower and less exact than on the CPU.
  const auto values = at::linalg_svdvals(triangle.cpu()).contiguous();
  return {values.const_data_ptr<double>(), values.const_data_ptr<double>() + values.numel()};
}

}  // namespace oodml::metrics
