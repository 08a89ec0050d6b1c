#include <ATen/Parallel.h>

#include <algorithm>

#include "core/metrics/block_pairs.h"
#include "core/metrics/neighbour_order.h"
#include "core/metrics/tile_search.h"
#include "core/products/multiply.h"

namespace oodml::metrics {
namespace {

// Of products: enough rows for each thread that multiplying is efficient, in all no more than fits beside the rows.
constexpr std::int64_t kThreadTileBytes = 40 << 20, kAllTilesBytes = 256 << 20;

/// Queries that a thread multiplies at a time: enough of them that the rows come from memory as fast as they are
/// needed.
constexpr std::int64_t kStripRows = 2 * products::kPanelRows;

/// Buffers of one thread.
struct RankScratch {
  std::vector<Key> keys;
  std::vector<std::int64_t> ranks;
};

/// Turns the products of one query into ranks, space by space.
class RowReader {
 public:
  RowReader(const NeighbourSearch& search, const NeighbourOrder& order, const VisitRanks& visit)
      : search_(search), order_(order), visit_(visit) {}

  void read(std::int64_t query, std::span<const float> products, RankScratch& scratch) const {
    scratch.keys.resize(products.size());
    const auto read_space = [&](Space space, const std::optional<RankDepth>& depth) {
      if (!depth) return;
      order_.make_keys(query, space, products, scratch.keys);
      rank(query, space, *depth, scratch);
    };
    read_space(Space::kEuclidean, search_.options().euclidean);
    read_space(Space::kCosine, search_.options().cosine);
  }

 private:
  void rank(std::int64_t query, Space space, RankDepth depth, RankScratch& scratch) const {
    const RowOrder order = order_.order(query, space);
    std::int64_t dropped = -1;
    if (search_.leaves_query_out()) {
      dropped = search_.options().exclude_self_by_index ? query : nearest_row(scratch.keys, order);
    }
    same_class_ranks(scratch.keys, search_.members(query), dropped, depth, order, scratch.ranks);
    visit_(query, space, search_.told(query, scratch.ranks));
  }

  const NeighbourSearch& search_;
  const NeighbourOrder& order_;
  const VisitRanks& visit_;
};

/// By LibTorch's products, which round as the references' do.
Status search_as_given(const NeighbourSearch& search, const NeighbourOrder& order, const VisitRanks& visit) {
  const auto& x = order.queries();
  const auto transposed = order.rows().t();
  const std::int64_t n = search.rows().size();
  const RowReader reader(search, order, visit);
  auto products = at::empty({0}, x.options());
  const std::int64_t bytes = std::min(kThreadTileBytes * at::get_num_threads(), kAllTilesBytes);
  return search.for_each_tile(bytes, [&](std::int64_t begin, std::int64_t end) {
    products.resize_({end - begin, n});
    // Each thread multiplies its own queries and ranks them: nobody waits between the two.
    at::parallel_for(begin, end, /*grain_size=*/16, [&](std::int64_t first, std::int64_t last) {
      auto own = products.slice(0, first - begin, last - begin);
      at::mm_out(own, x.slice(0, first, last), transposed);
      const float* const tile = own.const_data_ptr<float>();
      RankScratch scratch;
      for (std::int64_t query = first; query < last; ++query) {
        reader.read(query, {tile + (query - first) * n, static_cast<std::size_t>(n)}, scratch);
      }
    });
  });
}

products::PackedRows packed(const torch::Tensor& rows) {
  products::PackedRows packed(rows.size(0), rows.size(1));
  for_panels(rows.size(0),
             [&](std::int64_t first, std::int64_t last) { packed.pack(rows.const_data_ptr<float>(), first, last); });
  return packed;
}

}  // namespace

Status search_rows(const NeighbourSearch& search, const ScreeningOrder& order, const VisitRanks& visit) {
  const products::PackedRows rows = packed(order.rows());
  std::optional<products::PackedRows> own_queries;
  if (!search.leaves_query_out()) own_queries = packed(order.queries());
  const products::PackedRows& queries = own_queries ? *own_queries : rows;
  const std::int64_t n = rows.size();
  const RowReader reader(search, order, visit);
  return search.for_each_strip(4 * kStripRows * at::get_num_threads(), [&](std::int64_t begin, std::int64_t end) {
    at::parallel_for(0, (end - begin + kStripRows - 1) / kStripRows, 1, [&](std::int64_t first, std::int64_t last) {
      std::vector<float> tile(static_cast<std::size_t>(kStripRows * n));
      RankScratch scratch;
      for (std::int64_t strip = begin + first * kStripRows; strip < std::min(begin + last * kStripRows, end);
           strip += kStripRows) {
        const products::RowRange some{strip, std::min(strip + kStripRows, end)};
        products::multiply(queries, some, rows, {0, n}, tile.data(), n);
        for (std::int64_t query = some.first; query < some.last; ++query) {
          reader.read(query, {tile.data() + (query - strip) * n, static_cast<std::size_t>(n)}, scratch);
        }
      }
    });
  });
}

namespace {

Status search_screened(const NeighbourSearch& search, const ScreeningOrder& order, const VisitRanks& visit) {
  return suits_tiles(search) ? search_tiles(search, order, visit) : search_rows(search, order, visit);
}

}  // namespace

Status search_on_cpu(const NeighbourSearch& search, const VisitRanks& visit) {
  const NeighbourOptions& options = search.options();
  if (options.single_precision) return search_as_given(search, *single_precision_order(search), visit);
  if (options.euclidean && options.cosine) {
    if (const auto both = double_order_of_both(search)) return search_screened(search, *both, visit);
  }
  for (const Space space : {Space::kEuclidean, Space::kCosine}) {
    if (!options.depth(space)) continue;
    const NeighbourOptions one = options.only(space);
    const NeighbourSearch of_space(search, one);
    OODML_RETURN_IF_ERROR(search_screened(of_space, *double_order(of_space, space), visit));
  }
  return {};
}

}  // namespace oodml::metrics
