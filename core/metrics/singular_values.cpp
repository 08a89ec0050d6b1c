#include "core/metrics/singular_values.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/one_math_thread.h"
#include "core/metrics/share_out.h"
#include "core/metrics/symmetric_eigenvalues.h"
#include "core/products/gram.h"

namespace oodml::metrics {
namespace {

constexpr std::int64_t kBlockRows = 1024;

/// The triangles of the QR decompositions of blocks of rows, one under the other: fewer rows with the same singular
/// values. Blocks are decomposed side by side, each by one thread, so that no thread waits inside of one.
torch::Tensor triangles_of(const torch::Tensor& rows, std::int64_t block_rows) {
  const auto blocks = rows.split(block_rows);
  std::vector<torch::Tensor> triangles(blocks.size());
  at::parallel_for(0, static_cast<std::int64_t>(blocks.size()), /*grain_size=*/1,
                   [&](std::int64_t first, std::int64_t last) {
                     const OneMathThread one_thread;
                     for (std::int64_t b = first; b < last; ++b) {
                       triangles[b] = std::get<1>(at::linalg_qr(blocks[b].to(at::kDouble), "r"));
                     }
                   });
  return at::cat(triangles);
}

/// Calls `work` on one thread inside of a parallel region. The decomposition of a small matrix meets at thousands of
/// barriers, which on a busy machine take a hundred times longer than the work between them.
template <typename Work>
void on_one_thread(Work work) {
  at::parallel_for(0, 2, /*grain_size=*/1, [&](std::int64_t first, std::int64_t) {
    if (first != 0) return;
    const OneMathThread one_thread;
    work();
  });
}

/// X'X of rows [N, D]: the lower half of [D, D].
std::vector<double> gram_of(const torch::Tensor& rows) {
  const std::int64_t n = rows.size(0), dim = rows.size(1);
  std::vector<double> matrix(static_cast<std::size_t>(dim * dim));
  const products::Gram gram(dim, matrix.data());
  const auto fill = [&](const auto* values) {
    share_out(gram.tiles(), [&](std::int64_t tile) { gram.fill(tile, values, n); });
  };
  const auto given = rows.scalar_type() == at::kFloat ? rows.contiguous() : rows.to(at::kDouble).contiguous();
  given.scalar_type() == at::kFloat ? fill(given.const_data_ptr<float>()) : fill(given.const_data_ptr<double>());
  return matrix;
}

/// By QR decompositions of blocks of rows.
std::vector<double> values_of_triangles(torch::Tensor remaining) {
  const std::int64_t block_rows = std::max(kBlockRows, 4 * remaining.size(1));
  while (remaining.size(0) > block_rows) remaining = triangles_of(remaining, block_rows);
  torch::Tensor values;
  on_one_thread([&] { values = at::linalg_svdvals(triangles_of(remaining, block_rows)).contiguous(); });
  return {values.const_data_ptr<double>(), values.const_data_ptr<double>() + values.numel()};
}

}  // namespace

// Small decompositions are slower and less exact on a GPU.
Spectrum::Spectrum(const torch::Tensor& rows) : rows_(rows.detach().cpu()) {
  if (rows_.size(0) >= 4 * rows_.size(1)) gram_ = gram_of(rows_);  // else there is nothing to gain
}

/// The roots of the eigenvalues of the Gram matrix take a tenth of the time. Their relative error is that of double
/// precision times the square of the largest value over the smallest: they are taken where that is 1e-10 at most.
void Spectrum::try_gram() {
  constexpr double kLeastRatio = 1e-5, kVanishing = 1e-250;  // of eigenvalues; of one whose squares lost digits
  if (gram_.empty()) return;
  auto values = symmetric_eigenvalues(gram_.data(), rows_.size(1));
  if (!values || !(values->front() > kLeastRatio * values->back()) || values->front() < kVanishing) return;
  std::ranges::reverse(*values);
  for (double& value : *values) value = std::sqrt(value);
  values_ = std::move(values);
}

std::vector<double> Spectrum::values() const { return values_ ? *values_ : values_of_triangles(rows_); }

std::vector<double> singular_values(const torch::Tensor& rows) {
  const at::NoGradGuard no_grad;
  Spectrum spectrum(rows);
  spectrum.try_gram();
  return spectrum.values();
}

}  // namespace oodml::metrics
