#include "core/metrics/singular_values.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <optional>

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
    if (first == 0) work();
  });
}

/// Sums of products of the columns [D, D]. Parts that do not depend on the number of threads, each by one of them.
torch::Tensor gram_of(const torch::Tensor& rows) {
  constexpr std::int64_t kParts = 8;
  const std::int64_t part_rows = (rows.size(0) + kParts - 1) / kParts;
  std::vector<torch::Tensor> sums(kParts);
  at::parallel_for(0, kParts, /*grain_size=*/1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t part = first; part < last; ++part) {
      sums[part] = at::zeros({rows.size(1), rows.size(1)}, at::kDouble);
      const auto own = rows.slice(0, part * part_rows, (part + 1) * part_rows);
      for (const auto& block : own.split(kBlockRows)) {
        const auto wide = block.to(at::kDouble);
        sums[part].addmm_(wide.t(), wide);
      }
    }
  });
  for (std::size_t part = 1; part < kParts; ++part) sums[0].add_(sums[part]);
  return sums[0];
}

/// The roots of the eigenvalues of the Gram matrix, which take a third of the time. Their relative error is that of
/// double precision times the square of the largest value over the smallest; nullopt where that is more than 1e-10.
std::optional<std::vector<double>> roots_of_gram(const torch::Tensor& rows) {
  constexpr double kLeastRatio = 1e-5, kVanishing = 1e-250;  // of eigenvalues; of one whose squares lost digits
  if (rows.size(0) < 4 * rows.size(1)) return std::nullopt;  // nothing to gain
  const auto gram = gram_of(rows);
  torch::Tensor squares;
  on_one_thread([&] { squares = at::linalg_eigvalsh(gram).contiguous(); });  // ascending
  std::vector<double> values(squares.const_data_ptr<double>(), squares.const_data_ptr<double>() + squares.numel());
  if (!(values.front() > kLeastRatio * values.back()) || values.front() < kVanishing) return std::nullopt;
  std::ranges::reverse(values);
  for (double& value : values) value = std::sqrt(value);
  return values;
}

}  // namespace

std::vector<double> singular_values(const torch::Tensor& rows) {
  const at::NoGradGuard no_grad;
  if (auto roots = roots_of_gram(rows.detach().cpu())) return *std::move(roots);
  const std::int64_t block_rows = std::max(kBlockRows, 4 * rows.size(1));
  auto remaining = rows.detach().cpu();  // small decompositions are slower and less exact on a GPU
  while (remaining.size(0) > block_rows) remaining = triangles_of(remaining, block_rows);
  torch::Tensor values;
  on_one_thread([&] { values = at::linalg_svdvals(triangles_of(remaining, block_rows)).contiguous(); });
  return {values.const_data_ptr<double>(), values.const_data_ptr<double>() + values.numel()};
}

}  // namespace oodml::metrics
