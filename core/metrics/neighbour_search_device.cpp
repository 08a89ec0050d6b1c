#include <limits>

#include "core/metrics/neighbour_search.h"

namespace oodml::metrics {
namespace {

constexpr std::int64_t kTileBytes = 256 << 20;  // the sort of a tile takes about six times that
constexpr float kNever = std::numeric_limits<float>::infinity();

struct Tile {
  std::int64_t begin = 0, end = 0;  ///< Queries.
  torch::Tensor keys;               ///< [R, N] float, smaller is nearer; the dropped entries infinite
  torch::Tensor same_class;         ///< [R, N] bool, the dropped entries false
};

/// (query in the tile, rank) of every same-class entry, [M] int64 each on the CPU; queries ascending, and ranks inside.
using Ranks = std::pair<torch::Tensor, torch::Tensor>;

Ranks all_ranks(const Tile& tile) {
  const auto order = std::get<1>(tile.keys.sort(/*stable=*/true, /*dim=*/1, /*descending=*/false));
  const auto hits = tile.same_class.gather(1, order).nonzero().cpu();  // [M, 2]
  return {hits.select(1, 0).contiguous(), hits.select(1, 1).add(1)};
}

Ranks first_ranks(const Tile& tile) {
  const auto [nearest, column] = tile.keys.masked_fill(tile.same_class.logical_not(), kNever).min(1, true);
  const auto position = at::arange(tile.keys.size(1), column.options()).unsqueeze(0);
  const auto before = tile.keys.lt(nearest).logical_or(tile.keys.eq(nearest).logical_and(position.lt(column)));
  const auto queries = tile.same_class.any(1).nonzero().squeeze(1);
  return {queries.cpu(), before.sum(1).add(1).index_select(0, queries).cpu()};
}

void visit_tile(const NeighbourSearch& search, const Tile& tile, Space space, const Ranks& found,
                const VisitRanks& visit) {
  const auto& [queries, ranks] = found;
  const std::span<const std::int64_t> all_queries(queries.const_data_ptr<std::int64_t>(), queries.numel());
  const std::span<const std::int64_t> all(ranks.const_data_ptr<std::int64_t>(), ranks.numel());
  std::size_t next = 0;
  for (std::int64_t query = tile.begin; query < tile.end; ++query) {
    const std::size_t first = next;
    while (next < all_queries.size() && all_queries[next] == query - tile.begin) ++next;
    visit(query, space, search.told(query, all.subspan(first, next - first)));
  }
}

void read_tile(const NeighbourSearch& search, Tile tile, Space space, RankDepth depth, const VisitRanks& visit) {
  if (search.leaves_query_out()) {
    const auto dropped = search.options().exclude_self_by_index
                             ? at::arange(tile.begin, tile.end, tile.keys.options().dtype(at::kLong)).unsqueeze(1)
                             : tile.keys.argmin(1, /*keepdim=*/true);
    tile.keys.scatter_(1, dropped, kNever);
    tile.same_class = tile.same_class.scatter(1, dropped, false);
  }
  visit_tile(search, tile, space, depth.first_only ? first_ranks(tile) : all_ranks(tile), visit);
}

}  // namespace

Status search_on_device(const NeighbourSearch& search, const VisitRanks& visit) {
  const auto &queries = search.queries(), &rows = search.rows();
  const auto& options = search.options();
  const auto device = rows.embeddings().device();
  const auto query_classes = at::tensor(search.query_classes(), at::kLong).to(device).unsqueeze(1);
  const auto classes = at::tensor(rows.classes(), at::kLong).to(device).unsqueeze(0);
  const auto query_norms = queries.squared_norms().unsqueeze(1), query_inverses = queries.inverse_norms().unsqueeze(1);
  const auto norms = rows.squared_norms().unsqueeze(0), inverses = rows.inverse_norms().unsqueeze(0);
  return search.for_each_tile(kTileBytes, [&](std::int64_t begin, std::int64_t end) {
    const auto products = queries.embeddings().slice(0, begin, end).mm(rows.embeddings().t());  // [R, N]
    Tile tile{.begin = begin, .end = end, .same_class = query_classes.slice(0, begin, end).eq(classes)};
    if (options.euclidean) {
      tile.keys = (query_norms.slice(0, begin, end) + norms - 2 * products).clamp_min(0);
      read_tile(search, tile, Space::kEuclidean, *options.euclidean, visit);
    }
    if (options.cosine) {
      tile.keys = (products * inverses * query_inverses.slice(0, begin, end)).neg();
      read_tile(search, tile, Space::kCosine, *options.cosine, visit);
    }
  });
}

}  // namespace oodml::metrics
