#include "core/embedding_map/row_checks.h"

#include <string>

namespace oodml::embedding_map {
namespace {

constexpr double kLargest = 1e150;

/// The first row for which `bad` [N] holds, or -1.
std::int64_t first_of(const torch::Tensor& bad) {
  const auto found = bad.nonzero();
  return found.size(0) == 0 ? -1 : found[0][0].item<std::int64_t>();
}

}  // namespace

Result<torch::Tensor> checked_rows(const torch::Tensor& rows, Metric metric, std::string_view what) {
  const std::string begin = std::string(what) + ": ";
  if (!rows.defined() || rows.dim() != 2 || !rows.is_floating_point() || rows.numel() == 0) {
    return invalid_argument(begin + "wants rows [N, D] of floating point numbers, at least one of each");
  }
  const at::NoGradGuard no_grad;
  const auto wide = rows.to(at::TensorOptions(at::kCPU).dtype(at::kDouble)).contiguous();
  if (const auto row = first_of(wide.isfinite().all(1).logical_not()); row >= 0) {
    return invalid_argument(begin + "row " + std::to_string(row) + " has a number that is not finite");
  }
  if (const auto row = first_of((wide.abs() > kLargest).any(1)); row >= 0) {
    return invalid_argument(begin + "row " + std::to_string(row) +
                            " has a number beyond 1e150, whose square is not finite");
  }
  if (metric == Metric::kEuclidean) return (wide - wide.mean(0)).contiguous();
  const auto norms = wide.norm(2, 1, /*keepdim=*/true);  // [N, 1]
  if (const auto row = first_of(norms.squeeze(1) == 0); row >= 0) {
    return invalid_argument(begin + "row " + std::to_string(row) + " is zero, which has no cosine to any other");
  }
  return (wide / norms).contiguous();
}

}  // namespace oodml::embedding_map
