#include <cmath>
#include <limits>
#include <utility>

#include "core/metrics/neighbour_search.h"
#include "core/metrics/unit_rows.h"

namespace oodml::metrics {
namespace {

constexpr std::int64_t kDeviceTileBytes = 256 << 20;  // the sort of a tile takes about six times that
constexpr float kNever = std::numeric_limits<float>::infinity();

struct Tile {
  std::int64_t begin = 0, end = 0;  ///< Queries.
  torch::Tensor keys;               ///< [R, N] of floats, smaller is nearer; the dropped entries infinite
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

/// One side of a search in double precision, in a space.
struct DoubleSide {
  torch::Tensor rows;     ///< [N, D]
  torch::Tensor squares;  ///< [N]
  torch::Tensor is_zero;  ///< [N] bool, of normalised rows
};

torch::Tensor space_rows(const LabelledSet& set, Space space) {
  const auto rows = set.embeddings().to(at::kDouble);
  return space == Space::kEuclidean ? rows : unit_rows_of_any_length(rows);
}

/// Their mean on a grid as coarse as the rows are spread: rows on a grid stay on it, and their distances exact.
torch::Tensor centre_of(const torch::Tensor& rows) {
  const auto mean = rows.mean(0, /*keepdim=*/true);
  const double spread = (rows - mean).abs().max().item<double>();
  if (spread == 0.0) return rows.slice(0, 0, 1);
  const double step = std::exp2(std::ilogb(spread) - 2);
  return (mean / step).round() * step;
}

/// Zero rows have no direction: they are as far from every unit row as one at a right angle.
DoubleSide moved(const torch::Tensor& rows, const torch::Tensor& centre) {
  const auto is_zero = rows.eq(0).all(1);
  auto centred = rows - centre;
  auto squares = centred.square().sum(1);
  return {std::move(centred), std::move(squares), is_zero};
}

/// In double precision on the device, one space after the other. Where that has few units for it, this is slow, and
/// right.
Status search_doubles(const NeighbourSearch& search, Space space, RankDepth depth, const torch::Tensor& query_classes,
                      const torch::Tensor& classes, const VisitRanks& visit) {
  const auto given = space_rows(search.rows(), space);
  const auto centre = centre_of(given);
  const DoubleSide rows = moved(given, centre);
  const DoubleSide queries = search.leaves_query_out() ? rows : moved(space_rows(search.queries(), space), centre);
  const bool cosine = space == Space::kCosine;
  const auto squares = cosine ? rows.squares + rows.is_zero.to(at::kDouble) : rows.squares;
  return search.for_each_tile(kDeviceTileBytes / 2, [&](std::int64_t begin, std::int64_t end) {
    const auto products = queries.rows.slice(0, begin, end).mm(rows.rows.t());  // [R, N]
    auto keys = (queries.squares.slice(0, begin, end).unsqueeze(1) + squares.unsqueeze(0) - 2 * products).clamp_min(0);
    if (cosine) keys.masked_fill_(queries.is_zero.slice(0, begin, end).unsqueeze(1), 0.0);
    const Tile tile{
        .begin = begin, .end = end, .keys = keys, .same_class = query_classes.slice(0, begin, end).eq(classes)};
    read_tile(search, tile, space, depth, visit);
  });
}

/// As the references compute.
Status search_singles(const NeighbourSearch& search, const torch::Tensor& query_classes, const torch::Tensor& classes,
                      const VisitRanks& visit) {
  const auto &queries = search.queries(), &rows = search.rows();
  const auto& options = search.options();
  const auto query_norms = queries.squared_norms().unsqueeze(1), query_inverses = queries.inverse_norms().unsqueeze(1);
  const auto norms = rows.squared_norms().unsqueeze(0), inverses = rows.inverse_norms().unsqueeze(0);
  return search.for_each_tile(kDeviceTileBytes, [&](std::int64_t begin, std::int64_t end) {
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

}  // namespace

Status search_on_device(const NeighbourSearch& search, const VisitRanks& visit) {
  const auto device = search.rows().embeddings().device();
  const auto query_classes = at::tensor(search.query_classes(), at::kLong).to(device).unsqueeze(1);
  const auto classes = at::tensor(search.rows().classes(), at::kLong).to(device).unsqueeze(0);
  if (search.options().single_precision) return search_singles(search, query_classes, classes, visit);
  for (const Space space : {Space::kEuclidean, Space::kCosine}) {
    const auto depth = search.options().depth(space);
    if (!depth) continue;
    const NeighbourOptions one = search.options().only(space);
    OODML_RETURN_IF_ERROR(search_doubles(NeighbourSearch(search, one), space, *depth, query_classes, classes, visit));
  }
  return {};
}

}  // namespace oodml::metrics
