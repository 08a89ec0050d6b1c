#include "core/metrics/tile_search.h"

#include <algorithm>
#include <limits>

#include "core/metrics/block_pairs.h"
#include "core/metrics/stranger_counts.h"
#include "core/products/near_tile.h"

// Rows stand class by class here: `place` is a position in that order, `row` one of the set.

namespace oodml::metrics {
namespace {

using products::NearTile;
using products::RowRange;

constexpr std::int64_t kMostPairs = 1 << 22;  // inside of classes
constexpr std::int64_t kPanels = products::kPanelRows;
constexpr float kNobody = -std::numeric_limits<float>::infinity();

/// What keys are made of, by place.
class PlacedParts {
 public:
  PlacedParts(const products::KeyParts& parts, std::span<const std::int64_t> row_of) : parts_(parts) {
    for (const float** const values : {&parts_.squares, &parts_.offsets, &parts_.inverse_norms}) {
      if (*values == nullptr) continue;
      std::vector<float>& placed = stored_.emplace_back(row_of.size() + products::kSpareEntries, 0.0f);
      std::ranges::transform(row_of, placed.begin(), [from = *values](std::int64_t row) { return from[row]; });
      *values = placed.data();
    }
  }
  const products::KeyParts& parts() const { return parts_; }

  float key(float product, std::int64_t a, std::int64_t b) const {
    const auto& of = parts_;
    const float key =
        of.form == products::KeyForm::kSquaredDistance
            ? (of.squares[a] + of.squares[b]) - 2.0f * product
            : 1.0f - (product + (of.offsets[a] + of.offsets[b])) * (of.inverse_norms[a] * of.inverse_norms[b]);
    return std::max(key, 0.0f);
  }

 private:
  products::KeyParts parts_;
  std::vector<std::vector<float>> stored_;
};

std::vector<std::int64_t> members_by_place(const LabelledSet& set) {
  std::vector<std::int64_t> members;
  for (const std::int64_t row : set.rows_by_class()) members.push_back(set.class_size_of_row(row));
  return members;
}

/// What is known of all queries in one space. A block of rows is written by one thread at a time.
struct SpaceCounts {
  SpaceCounts(const NeighbourSearch& search, const ScreeningOrder& order, Space of)
      : space(of),
        placed(order.key_parts(of), search.rows().rows_by_class()),
        counts(members_by_place(search.rows()),
               {.depth = *search.options().depth(of), .leave_nearest_out = !search.options().exclude_self_by_index}),
        limits(static_cast<std::size_t>(search.rows().size()), kNobody) {}

  Space space;
  PlacedParts placed;
  StrangerCounts counts;
  std::vector<float> limits;  ///< counts.limit
};

/// Buffers of one thread.
struct Worker {
  explicit Worker(std::int64_t n) : limits(static_cast<std::size_t>(n + products::kSpareEntries), kNobody) {}

  NearTile tile;
  std::vector<float> limits;  ///< Of the rows of the tile, as they were when it was begun.
};

class TileSearch {
 public:
  TileSearch(const NeighbourSearch& search, const ScreeningOrder& order, const VisitRanks& visit)
      : search_(search),
        set_(search.rows()),
        order_(order),
        visit_(visit),
        row_of_(set_.rows_by_class()),
        packed_(set_.size(), order.rows().size(1)),
        pairs_(set_.size()),
        workers_(static_cast<std::size_t>(pairs_.workers())) {
    for (const Space space : {Space::kEuclidean, Space::kCosine}) {
      if (search.options().depth(space)) spaces_.push_back(std::make_unique<SpaceCounts>(search, order, space));
    }
  }

  Status run() {
    start();
    OODML_RETURN_IF_ERROR(count_strangers());
    finish();
    return {};
  }

 private:
  RowRange class_places(std::int64_t class_index) const {
    return {set_.class_start(class_index), set_.class_start(class_index + 1)};
  }
  std::int64_t class_at(std::int64_t place) const { return set_.classes()[row_of_[place]]; }

  /// The keys of the members of every query.
  void start() {
    const float* const rows = order_.rows().const_data_ptr<float>();
    for_panels(set_.size(), [&](std::int64_t first, std::int64_t last) { packed_.pack(rows, row_of_, first, last); });
    for_panels(set_.size(), [&](std::int64_t first, std::int64_t last) {
      std::vector<float> products, keys;
      for (std::int64_t place = first; place < last; place += kPanels) {
        start_panel({place, std::min(place + kPanels, last)}, products, keys);
      }
    });
  }

  void start_panel(RowRange queries, std::vector<float>& products, std::vector<float>& keys) {
    const RowRange columns{class_places(class_at(queries.first)).first / kPanels * kPanels,
                           class_places(class_at(queries.last - 1)).last};
    products.resize(static_cast<std::size_t>(queries.size() * columns.size()));
    products::multiply(packed_, queries, packed_, columns, products.data(), columns.size());
    for (std::int64_t query = queries.first; query < queries.last; ++query) {
      const RowRange members = class_places(class_at(query));
      const float* const row = products.data() + (query - queries.first) * columns.size() - columns.first;
      for (const auto& space : spaces_) {
        keys.clear();
        for (std::int64_t m = members.first; m < members.last; ++m) keys.push_back(space->placed.key(row[m], query, m));
        space->counts.start(query, row_of_[query], set_.members(class_at(query)), keys,
                            order_.order(row_of_[query], space->space));
        space->limits[query] = space->counts.limit(query);
      }
    }
  }

  Status count_strangers() {
    const bool all = pairs_.for_each(search_.options().go_on, [&](std::int64_t w, std::int64_t a, std::int64_t b) {
      if (!workers_[w]) workers_[w] = std::make_unique<Worker>(set_.size());
      count_tile(*workers_[w], a, b);
    });
    if (!all) return failure(StatusCode::kCancelled, "evaluate: cancelled between tiles of neighbours");
    return {};
  }

  void count_tile(Worker& worker, std::int64_t a, std::int64_t b) {
    const RowRange rows = pairs_.block(a), columns = pairs_.block(b);
    NearTile& tile = worker.tile;
    tile.multiply(packed_, rows, columns);
    for (std::int64_t c = class_at(rows.first); c <= class_at(rows.last - 1); ++c) {
      tile.take_out(class_places(c), class_places(c));
    }
    for (const auto& space : spaces_) {
      for (const std::int64_t one : {a, b}) {
        const RowRange places = pairs_.block(one);
        const std::scoped_lock lock(pairs_.guard(one));
        std::copy_n(space->limits.begin() + places.first, places.size(), worker.limits.begin() + places.first);
      }
      tile.find(space->placed.parts(), worker.limits.data());
      count_block(*space, a, [&](std::int64_t place) { return tile.near_row(place); });
      if (a != b) count_block(*space, b, [&](std::int64_t place) { return tile.near_column(place); });
    }
  }

  template <typename NearOf>
  void count_block(SpaceCounts& space, std::int64_t of, NearOf near_of) {
    const RowRange places = pairs_.block(of);
    const std::scoped_lock lock(pairs_.guard(of));
    for (std::int64_t place = places.first; place < places.last; ++place) {
      const products::NearRows near = near_of(place);
      if (near.rows.empty()) continue;
      space.counts.count(place, near, row_of_, order_.order(row_of_[place], space.space));
      space.limits[place] = space.counts.limit(place);
    }
  }

  void finish() {
    for_panels(set_.size(), [&](std::int64_t first, std::int64_t last) {
      std::vector<std::int64_t> ranks;
      for (std::int64_t place = first; place < last; ++place) {
        for (const auto& space : spaces_) {
          space->counts.ranks(place, ranks);
          visit_(row_of_[place], space->space, search_.told(row_of_[place], ranks));
        }
      }
    });
  }

  const NeighbourSearch& search_;
  const LabelledSet& set_;
  const ScreeningOrder& order_;
  const VisitRanks& visit_;
  const std::span<const std::int64_t> row_of_;
  products::PackedRows packed_;
  BlockPairs pairs_;
  std::vector<std::unique_ptr<SpaceCounts>> spaces_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace

bool suits_tiles(const NeighbourSearch& search) {
  if (!search.leaves_query_out()) return false;
  const LabelledSet& set = search.rows();
  std::int64_t pairs = 0;
  for (std::int64_t c = 0; c < set.n_classes(); ++c) {
    const auto members = static_cast<std::int64_t>(set.members(c).size());
    if (members > kMostPairs / members) return false;
    pairs += members * members;
  }
  if (pairs > kMostPairs) return false;
  return std::ranges::all_of(std::initializer_list{Space::kEuclidean, Space::kCosine}, [&](Space space) {
    const auto& depth = search.options().depth(space);
    return !depth || depth->first_only || depth->limit < set.size() / 2;
  });
}

Status search_tiles(const NeighbourSearch& search, const ScreeningOrder& order, const VisitRanks& visit) {
  return TileSearch(search, order, visit).run();
}

}  // namespace oodml::metrics
