#include "core/metrics/singular_values.h"

#include <ATen/Parallel.h>

#include <algorithm>

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

}  // namespace

std::vector<double> singular_values(const torch::Tensor& rows) {
  const at::NoGradGuard no_grad;
  const std::int64_t block_rows = std::max(kBlockRows, 4 * rows.size(1));
  auto remaining = rows.detach().cpu();  // small decompositions are slower and less exact on a GPU
  while (remaining.size(0) > block_rows) remaining = triangles_of(remaining, block_rows);
  torch::Tensor values;
  on_one_thread([&] { values = at::linalg_svdvals(triangles_of(remaining, block_rows)).contiguous(); });
  return {values.const_data_ptr<double>(), values.const_data_ptr<double>() + values.numel()};
}

}  // namespace oodml::metrics
