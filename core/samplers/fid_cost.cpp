#include "core/samplers/fid_cost.h"

#include <algorithm>

namespace oodml::samplers {
namespace {

constexpr double kRootRidge = 1e-8;
constexpr std::int64_t kMostDimensionsByCovariance = 128;

double degrees_of_freedom(std::int64_t rows) { return static_cast<double>(std::max<std::int64_t>(rows - 1, 1)); }

/// The candidates' rows: [K, n, D].
torch::Tensor rows_of(const torch::Tensor& x, const torch::Tensor& candidates) {
  return x.index_select(0, candidates.reshape({-1})).view({candidates.size(0), candidates.size(1), x.size(1)});
}

/// Less the mean of the rows: [..., n, D].
torch::Tensor centred(const torch::Tensor& rows) { return rows - rows.mean(-2, /*keepdim=*/true); }

/// Trace of the unbiased covariance: [..., n, D] -> [...].
torch::Tensor total_variance(const torch::Tensor& rows) {
  return centred(rows).square().sum({-2, -1}) / degrees_of_freedom(rows.size(-2));
}

torch::Tensor covariance(const torch::Tensor& rows) {
  const auto centre = centred(rows);
  return centre.transpose(-2, -1).matmul(centre) / degrees_of_freedom(rows.size(-2)) +
         kRootRidge * at::eye(rows.size(-1), rows.options());
}

/// Sum of the roots of the eigenvalues of symmetric [K, m, m]; those below zero by rounding count as zero.
torch::Tensor sum_of_roots(const torch::Tensor& symmetric) {
  return at::linalg_eigvalsh(symmetric).clamp_min(0).sqrt().sum(-1);
}

}  // namespace

torch::Tensor root_trace_by_covariance(const torch::Tensor& x, const torch::Tensor& candidates) {
  const auto big = x.to(at::kDouble);
  const auto [values, vectors] = at::linalg_eigh(covariance(big));
  const auto root = (vectors * values.clamp_min(0).sqrt()).mm(vectors.t());  // [D, D]
  return sum_of_roots(root.matmul(covariance(rows_of(big, candidates))).matmul(root));
}

torch::Tensor root_trace_by_rows(const torch::Tensor& x, const torch::Tensor& candidates) {
  const auto big = centred(x.to(at::kDouble));
  const auto products = big.mm(big.t());                        // [b, b]
  const auto crossed = centred(rows_of(products, candidates));  // [K, n, b]: candidates' centred rows times all rows
  const double scale = degrees_of_freedom(x.size(0)) * degrees_of_freedom(candidates.size(1));
  return sum_of_roots(crossed.matmul(crossed.transpose(-2, -1)) / scale);
}

torch::Tensor fid_cost(const torch::Tensor& x, const torch::Tensor& candidates) {
  const auto big = x.to(at::kDouble);
  const auto rows = rows_of(big, candidates);
  const auto roots = x.size(1) <= kMostDimensionsByCovariance ? root_trace_by_covariance(big, candidates)
                                                              : root_trace_by_rows(big, candidates);
  return (rows.mean(1) - big.mean(0)).square().sum(1) + total_variance(big) + total_variance(rows) - 2 * roots;
}

}  // namespace oodml::samplers
