#include "core/metrics/tile_search.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/metrics/block_pairs.h"
#include "core/metrics/stranger_counts.h"
#include "core/metrics/tile_products.h"

// Rows stand class by class here: `place` is a position in that order, `row` one of the set.

namespace oodml::metrics {
namespace {

using products::NearTile;
using products::RowRange;

constexpr std::int64_t kMostPairs = 1 << 22;  // inside of classes
/// A second look at a stranger takes as long as integers save of some 25 products: with more than this share of the
/// strangers left open, single precision is faster.
constexpr double kMostOpen = 0.04;
constexpr std::int64_t kSampledQueries = 16, kSampledStrangers = 256;
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
  void set_steps(const float* steps) { parts_.steps = steps; }

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
      : space(of), placed(order.key_parts(of), search.rows().rows_by_class()) {}

  /// Once it is known what products are like.
  void begin(const NeighbourSearch& search, const float* steps) {
    placed.set_steps(steps);
    counts.emplace(members_by_place(search.rows()),
                   StrangerCounts::Options{.depth = *search.options().depth(space),
                                           .leave_nearest_out = !search.options().exclude_self_by_index});
    limits.assign(static_cast<std::size_t>(search.rows().size()), kNobody);
  }

  Space space;
  PlacedParts placed;
  std::optional<StrangerCounts> counts;
  std::vector<float> limits;  ///< counts->limit
};

/// Of the query at a place.
class PlacedOrder final : public CloserOrder {
 public:
  PlacedOrder(const ScreeningOrder& order, const TileProducts& products, const SpaceCounts& space, std::int64_t place,
              std::int64_t row)
      : order_(order), products_(products), space_(space), place_(place), row_(row) {}

  void find_keys(std::span<const std::uint32_t> places, std::span<float> keys) const override {
    products_.closer(place_, places, keys);
    for (std::size_t i = 0; i < places.size(); ++i) keys[i] = space_.placed.key(keys[i], place_, places[i]);
  }
  RowOrder order() const override { return order_.order(row_, space_.space); }

 private:
  const ScreeningOrder& order_;
  const TileProducts& products_;
  const SpaceCounts& space_;
  const std::int64_t place_, row_;
};

/// Buffers of one thread.
struct Worker {
  explicit Worker(std::int64_t n) : limits(static_cast<std::size_t>(n + products::kSpareEntries), kNobody) {}

  NearTile tile;
  std::vector<float> limits;  ///< Of the rows of the tile, as they were when it was begun.
};

class TileSearch {
 public:
  TileSearch(const NeighbourSearch& search, const ScreeningOrder& order, const VisitRanks& visit,
             TileProducts::Kind kind)
      : search_(search),
        set_(search.rows()),
        order_(order),
        visit_(visit),
        row_of_(set_.rows_by_class()),
        products_(order, row_of_, kind),
        pairs_(set_.size()),
        workers_(static_cast<std::size_t>(pairs_.workers())) {
    for (const Space space : {Space::kEuclidean, Space::kCosine}) {
      if (!search.options().depth(space)) continue;
      spaces_.push_back(std::make_unique<SpaceCounts>(search, order, space));
    }
  }

  Status run() {
    start();
    OODML_RETURN_IF_ERROR(count_strangers());
    finish();
    return {};
  }

  /// Before `run`.
  void use_single_precision() { products_.pack(TileProducts::Kind::kSinglePrecision); }
  bool is_sound() const { return products_.is_sound(); }
  /// Whether products of this kind tell most strangers from the members, as a sample has it.
  bool tells_most() const {
    return std::ranges::all_of(spaces_, [&](const auto& space) {
      double open = 0.0;
      for (std::int64_t i = 0; i < kSampledQueries; ++i) {
        open += open_share(*space, i * set_.size() / kSampledQueries);
      }
      return open <= kMostOpen * kSampledQueries;
    });
  }

 private:
  RowRange class_places(std::int64_t class_index) const {
    return {set_.class_start(class_index), set_.class_start(class_index + 1)};
  }
  std::int64_t class_at(std::int64_t place) const { return set_.classes()[row_of_[place]]; }

  /// The keys of the members of every query.
  void start() {
    for (const auto& space : spaces_) space->begin(search_, products_.steps());
    at::parallel_for(0, set_.n_classes(), 1, [&](std::int64_t first, std::int64_t last) {
      std::vector<std::uint32_t> places;
      for (std::int64_t c = first; c < last; ++c) {
        places.resize(set_.members(c).size());
        std::iota(places.begin(), places.end(), static_cast<std::uint32_t>(class_places(c).first));
        for (const std::uint32_t place : places) start_query(place, places);
      }
    });
  }

  void start_query(std::int64_t query, std::span<const std::uint32_t> members) {
    thread_local std::vector<float> products, keys;
    products.resize(members.size());
    keys.resize(members.size());
    products_.closer(query, members, products);
    for (const auto& space : spaces_) {
      for (std::size_t m = 0; m < members.size(); ++m) keys[m] = space->placed.key(products[m], query, members[m]);
      RowOrder order = order_.order(row_of_[query], space->space);
      Margin of_tile;
      if (order.exactly) {
        order.margin = products_.closer_margin(query, space->space);
        of_tile = products_.tile_margin(query, space->space);
      }
      space->counts->start(query, row_of_[query], set_.members(class_at(query)), keys, order, of_tile);
      space->limits[query] = space->counts->limit(query);
    }
  }

  /// Of a sample of the strangers of a query: how many are counted and cannot be told from a member. Limits come with
  /// the counting, so that twice as many are looked at as are wanted in the end.
  double open_share(const SpaceCounts& space, std::int64_t query) const {
    if (!order_.order(row_of_[query], space.space).exactly) return 0.0;
    const RowRange own = class_places(class_at(query));
    std::vector<std::uint32_t> members, strangers;
    for (std::int64_t m = own.first; m < own.last; ++m) {
      if (m != query) members.push_back(static_cast<std::uint32_t>(m));
    }
    for (std::int64_t i = 0; i < kSampledStrangers; ++i) {
      const std::int64_t place = (2 * i + 1) * set_.size() / (2 * kSampledStrangers);
      if (place < own.first || place >= own.last) strangers.push_back(static_cast<std::uint32_t>(place));
    }
    if (members.empty() || strangers.empty()) return 0.0;
    const std::vector<float> to_members = sorted_keys(space, query, members);
    const std::vector<float> to_strangers = sorted_keys(space, query, strangers);
    const RankDepth depth = *search_.options().depth(space.space);
    const double wanted = static_cast<double>(std::max(depth.limit, own.size())) / static_cast<double>(set_.size());
    const auto counted = depth.first_only
                             ? to_strangers.size()
                             : static_cast<std::size_t>(2.0 * wanted * static_cast<double>(strangers.size())) + 1;
    const auto last_member = depth.first_only ? to_members.begin() + 1 : to_members.end();
    const float margin = products_.tile_margin(query, space.space).width;
    std::int64_t open = 0;
    for (std::size_t i = 0; i < std::min(counted, to_strangers.size()); ++i) {
      const auto member = std::lower_bound(to_members.begin(), last_member, to_strangers[i] - margin);
      open += member != last_member && *member <= to_strangers[i] + margin;
    }
    return static_cast<double>(open) / static_cast<double>(strangers.size());
  }

  std::vector<float> sorted_keys(const SpaceCounts& space, std::int64_t query,
                                 std::span<const std::uint32_t> places) const {
    std::vector<float> keys(places.size());
    PlacedOrder(order_, products_, space, query, row_of_[query]).find_keys(places, keys);
    std::ranges::sort(keys);
    return keys;
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
    products_.multiply(tile, rows, columns);
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
      space.counts->count(place, near, row_of_, PlacedOrder(order_, products_, space, place, row_of_[place]));
      space.limits[place] = space.counts->limit(place);
    }
  }

  void finish() {
    for_panels(set_.size(), [&](std::int64_t first, std::int64_t last) {
      std::vector<std::int64_t> ranks;
      for (std::int64_t place = first; place < last; ++place) {
        for (const auto& space : spaces_) {
          space->counts->ranks(place, ranks);
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
  TileProducts products_;
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

Status search_tiles(const NeighbourSearch& search, const ScreeningOrder& order, const VisitRanks& visit,
                    std::optional<TileProducts::Kind> kind) {
  const bool integers = kind != TileProducts::Kind::kSinglePrecision;
  TileSearch tiles(search, order, visit,
                   integers ? TileProducts::Kind::kOfIntegers : TileProducts::Kind::kSinglePrecision);
  if (integers && !(tiles.is_sound() && (kind || tiles.tells_most()))) tiles.use_single_precision();
  return tiles.run();
}

}  // namespace oodml::metrics
