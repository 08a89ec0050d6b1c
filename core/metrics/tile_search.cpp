#include "core/metrics/tile_search.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>

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

std::int64_t rounded_up(std::int64_t n) { return (n + kPanels - 1) / kPanels * kPanels; }

/// Tiles of rows that are large enough to be multiplied fast, and enough of them for every thread.
std::int64_t block_rows(std::int64_t n) {
  return std::min(rounded_up(n / (4 * at::get_num_threads()) + 1), NearTile::kMostRows);
}

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
        block_(block_rows(set_.size())),
        blocks_((set_.size() + block_ - 1) / block_),
        guards_(static_cast<std::size_t>(blocks_)),
        workers_(static_cast<std::size_t>(at::get_num_threads())) {
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
  /// Calls body(first, last) for places, in parts of whole panels.
  template <typename Body>
  void for_panels(Body body) {
    at::parallel_for(0, (set_.size() + kPanels - 1) / kPanels, 1, [&](std::int64_t first, std::int64_t last) {
      body(first * kPanels, std::min(last * kPanels, set_.size()));
    });
  }

  RowRange class_places(std::int64_t class_index) const {
    return {set_.class_start(class_index), set_.class_start(class_index + 1)};
  }
  std::int64_t class_at(std::int64_t place) const { return set_.classes()[row_of_[place]]; }

  /// The keys of the members of every query.
  void start() {
    const float* const rows = order_.rows().const_data_ptr<float>();
    for_panels([&](std::int64_t first, std::int64_t last) { packed_.pack(rows, row_of_, first, last); });
    for_panels([&](std::int64_t first, std::int64_t last) {
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

  RowRange block(std::int64_t b) const { return {b * block_, std::min((b + 1) * block_, set_.size())}; }

  /// Tiles by their distance from the diagonal: threads seldom meet in a block.
  std::vector<std::pair<std::int64_t, std::int64_t>> tiles() const {
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    for (std::int64_t off = 0; off < blocks_; ++off) {
      for (std::int64_t b = 0; b + off < blocks_; ++b) found.emplace_back(b, b + off);
    }
    return found;
  }

  Status count_strangers() {
    const auto all = tiles();
    const auto threads = static_cast<std::int64_t>(workers_.size()), n = std::ssize(all);
    const std::int64_t group = std::max(8 * threads, n / 64);
    const auto& go_on = search_.options().go_on;
    for (std::int64_t begin = 0; begin < n; begin += group) {
      if (go_on && !go_on(static_cast<double>(begin) / static_cast<double>(n))) {
        return failure(StatusCode::kCancelled, "evaluate: cancelled between tiles of neighbours");
      }
      std::atomic<std::int64_t> next = begin;
      at::parallel_for(0, threads, 1, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t w = first; w < last; ++w) {
          if (!workers_[w]) workers_[w] = std::make_unique<Worker>(set_.size());
          for (std::int64_t t = next++; t < std::min(begin + group, n); t = next++) {
            count_tile(*workers_[w], all[t].first, all[t].second);
          }
        }
      });
    }
    return {};
  }

  void count_tile(Worker& worker, std::int64_t a, std::int64_t b) {
    const RowRange rows = block(a), columns = block(b);
    NearTile& tile = worker.tile;
    tile.multiply(packed_, rows, columns);
    for (std::int64_t c = class_at(rows.first); c <= class_at(rows.last - 1); ++c) {
      tile.take_out(class_places(c), class_places(c));
    }
    for (const auto& space : spaces_) {
      for (const std::int64_t one : {a, b}) {
        const std::scoped_lock lock(guards_[one]);
        std::copy_n(space->limits.begin() + block(one).first, block(one).size(),
                    worker.limits.begin() + block(one).first);
      }
      tile.find(space->placed.parts(), worker.limits.data());
      count_block(*space, a, [&](std::int64_t place) { return tile.near_row(place); });
      if (a != b) count_block(*space, b, [&](std::int64_t place) { return tile.near_column(place); });
    }
  }

  template <typename NearOf>
  void count_block(SpaceCounts& space, std::int64_t of, NearOf near_of) {
    const RowRange places = block(of);
    const std::scoped_lock lock(guards_[of]);
    for (std::int64_t place = places.first; place < places.last; ++place) {
      const products::NearRows near = near_of(place);
      if (near.rows.empty()) continue;
      space.counts.count(place, near, row_of_, order_.order(row_of_[place], space.space));
      space.limits[place] = space.counts.limit(place);
    }
  }

  void finish() {
    for_panels([&](std::int64_t first, std::int64_t last) {
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
  const std::int64_t block_, blocks_;
  std::vector<std::mutex> guards_;  ///< Of each block: what is known of its queries.
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
