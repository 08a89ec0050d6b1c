#include "core/metrics/cosine_assignment.h"

#include <algorithm>

#include "core/metrics/unit_rows.h"

namespace oodml::metrics {
namespace {

constexpr std::int64_t kAssignmentTileBytes = 16 << 20;

}  // namespace

std::vector<std::int64_t> cosine_assignment(const torch::Tensor& rows, const torch::Tensor& centroids) {
  const at::NoGradGuard no_grad;
  const auto unit = unit_rows(centroids.to(rows.device()));
  const std::int64_t row_bytes = centroids.size(0) * static_cast<std::int64_t>(sizeof(float));
  const std::int64_t tile = std::max<std::int64_t>(kAssignmentTileBytes / row_bytes, 16);
  std::vector<std::int64_t> assignment;
  assignment.reserve(static_cast<std::size_t>(rows.size(0)));
  for (const auto& piece : rows.split(tile)) {
    const auto nearest = piece.mm(unit.t()).argmax(1).cpu();
    const auto* const first = nearest.const_data_ptr<std::int64_t>();
    assignment.insert(assignment.end(), first, first + nearest.numel());
  }
  return assignment;
}

}  // namespace oodml::metrics
