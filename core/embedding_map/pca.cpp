#include "core/embedding_map/pca.h"

#include "core/embedding_map/fixed_parts.h"
#include "core/embedding_map/leading_eigenvectors.h"
#include "core/embedding_map/row_checks.h"

namespace oodml::embedding_map {
namespace {

/// centred [N, D]; gives [dimensions, D].
torch::Tensor directions_of(const torch::Tensor& centred, std::int64_t dimensions) {
  const Apply apply = [&](const torch::Tensor& v) { return at::mv(centred.t(), at::mv(centred, v)); };
  const auto directions = leading_eigenvectors(centred.size(1), dimensions, apply, {}, {});
  const auto largest = directions.abs().argmax(1, /*keepdim=*/true);
  return directions * directions.gather(1, largest).sgn();
}

}  // namespace

Result<torch::Tensor> pca(const torch::Tensor& rows, std::int64_t dimensions) {
  OODML_ASSIGN_OR_RETURN(const torch::Tensor centred, checked_rows(rows, Metric::kEuclidean, "pca"));
  const OneThread one_thread;
  const at::NoGradGuard no_grad;
  const double unit = centred.abs().max().item<double>();
  if (unit == 0.0) return at::zeros({rows.size(0), dimensions}, at::kDouble);
  const auto scaled = centred / unit;
  return at::mm(scaled, directions_of(scaled, dimensions).t()) * unit;
}

}  // namespace oodml::embedding_map
