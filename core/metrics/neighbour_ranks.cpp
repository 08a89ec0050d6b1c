#include "core/metrics/neighbour_ranks.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <limits>

namespace oodml::metrics {
namespace {

using Visit = std::function<void(std::int64_t row, const QueryRanks& query)>;

constexpr std::int64_t kTileBytesOnCpu = 24 << 20;      // stays near the caches
constexpr std::int64_t kTileBytesOnDevice = 256 << 20;  // the sort of a tile takes about six times that

std::int64_t rows_of_a_tile(std::int64_t n, std::int64_t bytes) {
  return std::clamp<std::int64_t>(bytes / (n * static_cast<std::int64_t>(sizeof(float))), 16, 4096);
}

/// Calls `body(begin, end)` for the tiles of n rows as long as the caller wants to go on.
template <typename Body>
Status for_each_tile(std::int64_t n, std::int64_t bytes, const NeighbourOptions& options, Body body) {
  const std::int64_t rows = rows_of_a_tile(n, bytes);
  for (std::int64_t begin = 0; begin < n; begin += rows) {
    if (options.keep_going && !options.keep_going()) {
      return failure(StatusCode::kCancelled, "evaluate: cancelled between tiles of neighbours");
    }
    body(begin, std::min(begin + rows, n));
  }
  return {};
}

Status visit_on_cpu(const LabelledSet& set, const NeighbourOptions& options, const Visit& visit) {
  const auto& x = set.embeddings();
  const std::int64_t n = set.size();
  const auto transposed = x.t();
  const std::span<const float> norms(set.squared_norms().const_data_ptr<float>(), static_cast<std::size_t>(n));
  auto products = at::empty({0}, x.options());
  return for_each_tile(n, kTileBytesOnCpu, options, [&](std::int64_t begin, std::int64_t end) {
    products.resize_({end - begin, n});
    at::mm_out(products, x.slice(0, begin, end), transposed);
    float* const tile = products.mutable_data_ptr<float>();
    at::parallel_for(begin, end, /*grain_size=*/1, [&](std::int64_t first, std::int64_t last) {
      std::vector<std::int64_t> ranks;
      for (std::int64_t row = first; row < last; ++row) {
        const std::span<float> distances(tile + (row - begin) * n, static_cast<std::size_t>(n));
        to_squared_distances(distances, norms, norms[row]);
        const std::int64_t dropped = options.exclude_self_by_index ? row : first_minimum(distances);
        const auto members = set.members(set.classes()[row]);
        same_class_ranks(distances, members, dropped, options.depth, ranks);
        visit(row, {ranks, static_cast<std::int64_t>(members.size())});
      }
    });
  });
}

struct DeviceTile {
  torch::Tensor distances;   ///< [R, N], the dropped entries infinite
  torch::Tensor same_class;  ///< [R, N] bool, the dropped entries false
};

/// (row, rank) of every same-class entry of the tile, [M] int64 each, rows ascending and ranks ascending inside a row.
std::pair<torch::Tensor, torch::Tensor> all_ranks(const DeviceTile& tile) {
  const auto order = std::get<1>(tile.distances.sort(/*stable=*/true, /*dim=*/1, /*descending=*/false));
  const auto hits = tile.same_class.gather(1, order).nonzero().cpu();  // [M, 2]
  return {hits.select(1, 0).contiguous(), hits.select(1, 1).add(1)};
}

std::pair<torch::Tensor, torch::Tensor> first_ranks(const DeviceTile& tile) {
  const auto infinity = std::numeric_limits<float>::infinity();
  const auto [nearest, column] = tile.distances.masked_fill(tile.same_class.logical_not(), infinity).min(1, true);
  const auto position = at::arange(tile.distances.size(1), column.options()).unsqueeze(0);
  const auto before =
      tile.distances.lt(nearest).logical_or(tile.distances.eq(nearest).logical_and(position.lt(column)));
  const auto rows = tile.same_class.any(1).nonzero().squeeze(1);
  return {rows.cpu(), before.sum(1).add(1).index_select(0, rows).cpu()};
}

void visit_tile(const LabelledSet& set, std::int64_t begin, std::int64_t end, const torch::Tensor& rows,
                const torch::Tensor& ranks, const Visit& visit) {
  const std::span<const std::int64_t> all_rows(rows.const_data_ptr<std::int64_t>(), rows.numel());
  const std::span<const std::int64_t> all(ranks.const_data_ptr<std::int64_t>(), ranks.numel());
  std::size_t next = 0;
  for (std::int64_t row = begin; row < end; ++row) {
    const std::size_t first = next;
    while (next < all_rows.size() && all_rows[next] == row - begin) ++next;
    visit(row, {all.subspan(first, next - first), set.class_size_of_row(row)});
  }
}

}  // namespace

Status visit_same_class_ranks_on_device(const LabelledSet& set, const NeighbourOptions& options, const Visit& visit) {
  const auto& x = set.embeddings();
  const auto& norms = set.squared_norms();
  const auto classes = at::tensor(set.classes(), at::kLong).to(x.device());
  return for_each_tile(set.size(), kTileBytesOnDevice, options, [&](std::int64_t begin, std::int64_t end) {
    const auto products = x.slice(0, begin, end).mm(x.t());  // [R, N]
    DeviceTile tile{
        .distances = (norms.slice(0, begin, end).unsqueeze(1) + norms.unsqueeze(0) - 2 * products).clamp_min(0),
        .same_class = classes.slice(0, begin, end).unsqueeze(1).eq(classes.unsqueeze(0))};
    const auto dropped = options.exclude_self_by_index ? at::arange(begin, end, classes.options()).unsqueeze(1)
                                                       : tile.distances.argmin(1, /*keepdim=*/true);
    tile.distances.scatter_(1, dropped, std::numeric_limits<float>::infinity());
    tile.same_class.scatter_(1, dropped, false);
    const auto [rows, ranks] = options.depth == RankDepth::kFirst ? first_ranks(tile) : all_ranks(tile);
    visit_tile(set, begin, end, rows, ranks, visit);
  });
}

Status visit_same_class_ranks(const LabelledSet& set, const NeighbourOptions& options, const Visit& visit) {
  const at::NoGradGuard no_grad;
  return set.embeddings().is_cpu() ? visit_on_cpu(set, options, visit)
                                   : visit_same_class_ranks_on_device(set, options, visit);
}

}  // namespace oodml::metrics
