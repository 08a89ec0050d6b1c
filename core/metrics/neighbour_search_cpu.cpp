#include <ATen/Parallel.h>

#include <algorithm>

#include "core/metrics/neighbour_search.h"

namespace oodml::metrics {
namespace {

// Of products: enough rows for each thread that multiplying is efficient, in all no more than fits beside the rows.
constexpr std::int64_t kThreadTileBytes = 40 << 20, kTileBytes = 256 << 20;

std::span<const float> floats_of(const torch::Tensor& values) {
  return {values.const_data_ptr<float>(), static_cast<std::size_t>(values.numel())};
}

/// The norms that keys are made with.
struct Norms {
  torch::Tensor squared, inverse;  ///< inverse is undefined where no cosine is asked for.

  static Norms of(const LabelledSet& set, const NeighbourOptions& options) {
    return {set.squared_norms(), options.cosine ? set.inverse_norms() : torch::Tensor()};
  }
};

/// Buffers of one thread.
struct Scratch {
  std::vector<Key> keys;
  std::vector<std::int64_t> ranks;
};

/// Turns the products of one query into ranks, space by space.
class RowReader {
 public:
  RowReader(const NeighbourSearch& search, const VisitRanks& visit)
      : search_(search),
        visit_(visit),
        of_queries_(Norms::of(search.queries(), search.options())),
        of_rows_(search.leaves_query_out() ? of_queries_ : Norms::of(search.rows(), search.options())) {}

  void read(std::int64_t query, std::span<const float> products, Scratch& scratch) const {
    scratch.keys.resize(products.size());
    if (const auto depth = search_.options().euclidean) {
      euclidean_keys(products, floats_of(of_rows_.squared), floats_of(of_queries_.squared)[query], scratch.keys);
      rank(query, Space::kEuclidean, *depth, scratch);
    }
    if (const auto depth = search_.options().cosine) {
      cosine_keys(products, floats_of(of_rows_.inverse), floats_of(of_queries_.inverse)[query], scratch.keys);
      rank(query, Space::kCosine, *depth, scratch);
    }
  }

 private:
  void rank(std::int64_t query, Space space, RankDepth depth, Scratch& scratch) const {
    std::int64_t dropped = -1;
    if (search_.leaves_query_out()) {
      dropped = search_.options().exclude_self_by_index ? query : first_minimum(scratch.keys);
    }
    same_class_ranks(scratch.keys, search_.members(query), dropped, depth, scratch.ranks);
    visit_(query, space, search_.told(query, scratch.ranks));
  }

  const NeighbourSearch& search_;
  const VisitRanks& visit_;
  const Norms of_queries_, of_rows_;
};

}  // namespace

Status search_on_cpu(const NeighbourSearch& search, const VisitRanks& visit) {
  const auto& x = search.queries().embeddings();
  const auto transposed = search.rows().embeddings().t();
  const std::int64_t n = search.rows().size();
  const RowReader reader(search, visit);
  auto products = at::empty({0}, x.options());
  const std::int64_t bytes = std::min(kThreadTileBytes * at::get_num_threads(), kTileBytes);
  return search.for_each_tile(bytes, [&](std::int64_t begin, std::int64_t end) {
    products.resize_({end - begin, n});
    // Each thread multiplies its own queries and ranks them: nobody waits between the two.
    at::parallel_for(begin, end, /*grain_size=*/16, [&](std::int64_t first, std::int64_t last) {
      auto own = products.slice(0, first - begin, last - begin);
      at::mm_out(own, x.slice(0, first, last), transposed);
      const float* const tile = own.const_data_ptr<float>();
      Scratch scratch;
      for (std::int64_t query = first; query < last; ++query) {
        reader.read(query, {tile + (query - first) * n, static_cast<std::size_t>(n)}, scratch);
      }
    });
  });
}

}  // namespace oodml::metrics
