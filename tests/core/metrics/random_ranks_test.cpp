// Ranks of sets drawn at random beside a plain float64 computation of the definition.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "core/metrics/neighbour_ranks.h"
#include "core/metrics/tile_search.h"
#include "tests/core/metrics/random_sets.h"

namespace oodml::metrics {
namespace {

using testing::Draws;
using testing::RandomSet;
using testing::RowsOfDoubles;
using RanksOfQueries = std::vector<std::vector<std::int64_t>>;

/// Whether every sum of these squares, in whatever order, is without rounding.
bool is_exact(const std::vector<double>& a, const std::vector<double>& b, double square) {
  const double unit = square > 0.0 ? std::ldexp(1.0, std::ilogb(square) - 52) : 1.0;
  for (std::size_t d = 0; d < a.size(); ++d) {
    const double difference = a[d] - b[d], one = difference * difference;
    const bool rounds = a[d] - difference != b[d] || difference + b[d] != a[d];
    if (rounds || std::fma(difference, difference, -one) != 0.0 || std::fmod(one, unit) != 0.0) return false;
  }
  return true;
}

/// The first row that is equal to each.
std::vector<std::int64_t> places_of(const RowsOfDoubles& rows) {
  std::map<std::vector<double>, std::int64_t> known;
  std::vector<std::int64_t> places;
  for (const auto& row : rows) places.push_back(known.try_emplace(row, std::ssize(places)).first->second);
  return places;
}

/// The rows of a query, by the definition; `rows` as the space has them, `places` of the given ones.
class PlainOrder {
 public:
  PlainOrder(Space space, const std::vector<double>& query, const RowsOfDoubles& rows,
             const std::vector<std::int64_t>& places)
      : space_(space), query_(query), rows_(rows), places_(places), exact_(rows.size()) {
    for (const auto& row : rows) {
      const bool cosine = space == Space::kCosine;
      const double square = cosine && testing::has_no_direction(query) ? 0.0
                            : cosine && testing::has_no_direction(row) ? 2.0
                                                                       : testing::plain_square(query, row);
      distances_.push_back(square);
    }
    order_.resize(rows.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::ranges::stable_sort(order_, {}, [&](std::int64_t row) { return distances_[row]; });
  }

  /// False where float64's own rounding leaves open which is the nearest.
  bool leave_out(std::int64_t query, bool by_index) {
    const bool certain = by_index || order_.size() < 2 || is_certain(order_[0], order_[1]);
    std::erase(order_, by_index ? query : order_.front());
    return certain;
  }

  /// Nothing where float64's own rounding leaves them open.
  std::optional<std::vector<std::int64_t>> ranks(std::int64_t label, const std::vector<std::int64_t>& labels,
                                                 RankDepth depth, std::int64_t members) {
    std::vector<std::int64_t> ranks;
    for (std::size_t r = 0; r < order_.size(); ++r) {
      if (labels[order_[r]] != label) continue;
      ranks.push_back(static_cast<std::int64_t>(r) + 1);
      if (!is_certain_place(r, label, labels)) return std::nullopt;
    }
    if (depth.first_only && ranks.size() > 1) ranks.resize(1);
    while (!depth.first_only && !ranks.empty() && ranks.back() > std::max(depth.limit, members)) ranks.pop_back();
    return ranks;
  }

 private:
  /// Of a member, among the rows of other classes.
  bool is_certain_place(std::size_t at, std::int64_t label, const std::vector<std::int64_t>& labels) {
    for (const int step : {-1, 1}) {
      for (std::size_t r = at + step; r < order_.size() && is_close(order_[at], order_[r]); r += step) {
        if (labels[order_[r]] != label && !is_certain(order_[at], order_[r])) return false;
      }
    }
    return true;
  }

  bool is_close(std::int64_t row, std::int64_t other) const {
    const double a = distances_[row], b = distances_[other];
    const double of_unit_rows = space_ == Space::kCosine ? 2e-15 * (std::sqrt(a) + std::sqrt(b)) : 0.0;
    return std::abs(a - b) <= 1e-12 * (a + b) + of_unit_rows;
  }

  bool has_exact_distance(std::int64_t row) {
    auto& known = exact_[row];
    if (!known) known = is_exact(query_, rows_[row], distances_[row]);
    return *known;
  }

  bool is_certain(std::int64_t row, std::int64_t other) {
    const bool in_one_place =
        places_[row] == places_[other] || (space_ == Space::kCosine && testing::has_no_direction(query_));
    if (in_one_place) return true;
    const bool ties = space_ == Space::kEuclidean && distances_[row] == distances_[other];
    if (ties && has_exact_distance(row) && has_exact_distance(other)) return true;
    return !is_close(row, other);
  }

  Space space_;
  const std::vector<double>& query_;
  const RowsOfDoubles& rows_;
  const std::vector<std::int64_t>& places_;
  std::vector<std::optional<bool>> exact_;
  std::vector<double> distances_;
  std::vector<std::int64_t> order_;
};

NeighbourOptions drawn_options(Draws& draw) {
  const auto depth = [&]() -> std::optional<RankDepth> {
    if (draw.happens(0.2)) return std::nullopt;
    return draw.one_of({RankDepth::kFirst, RankDepth::up_to(0), RankDepth::up_to(draw.integer(1, 60)),
                        RankDepth::up_to(1000), RankDepth::kAll});
  };
  NeighbourOptions options{.euclidean = depth(), .cosine = depth()};
  options.exclude_self_by_index = draw.happens(0.5);
  return options;
}

std::vector<std::int64_t> as_vector(const torch::Tensor& labels) {
  return {labels.const_data_ptr<std::int64_t>(), labels.const_data_ptr<std::int64_t>() + labels.numel()};
}

struct Searched {
  RowsOfDoubles queries, rows;
  std::vector<std::int64_t> query_labels, labels;
  bool in_itself = true;
};

void expect_plain_ranks(const Searched& of, Space space, RankDepth depth, bool by_index, const RanksOfQueries& found) {
  const bool cosine = space == Space::kCosine;
  const RowsOfDoubles rows = cosine ? testing::of_unit_length(of.rows) : of.rows;
  const RowsOfDoubles queries = cosine ? testing::of_unit_length(of.queries) : of.queries;
  const std::vector<std::int64_t> places = places_of(of.rows);
  for (std::int64_t query = 0; query < std::ssize(queries); ++query) {
    PlainOrder order(space, queries[query], rows, places);
    if (of.in_itself && !order.leave_out(query, by_index)) continue;
    const std::int64_t label = of.query_labels[query];
    const auto wanted = order.ranks(label, of.labels, depth, std::ranges::count(of.labels, label));
    if (!wanted) continue;
    ASSERT_EQ(found[query], *wanted) << (cosine ? "cosine" : "Euclidean") << ", query " << query;
  }
}

/// Finds ranks by `visit(options, visitor)` and holds them against the plain ones.
template <typename Visit>
void expect_ranks_of(const Searched& of, const NeighbourOptions& options, const Visit& visit) {
  RanksOfQueries euclidean(of.queries.size()), cosine(of.queries.size());
  const Status status = visit(options, [&](std::int64_t query, Space space, const QueryRanks& ranks) {
    (space == Space::kEuclidean ? euclidean : cosine)[query].assign(ranks.ranks.begin(), ranks.ranks.end());
  });
  ASSERT_TRUE(status.ok()) << status.text();
  const bool by_index = options.exclude_self_by_index;
  if (options.euclidean) expect_plain_ranks(of, Space::kEuclidean, *options.euclidean, by_index, euclidean);
  if (options.cosine) expect_plain_ranks(of, Space::kCosine, *options.cosine, by_index, cosine);
}

TEST(RandomRanksTest, AreThoseOfFloat64) {
  testing::for_random_sets(12, [](Draws& draw) {
    const RandomSet set = testing::drawn_set(draw);
    SCOPED_TRACE(set.kind);
    const auto labelled = LabelledSet::make(set.rows, set.labels);
    if (!labelled) return;  // too large for squared distances
    const RowsOfDoubles rows = testing::as_rows(set.rows);
    const std::vector<std::int64_t> labels = as_vector(set.labels);
    expect_ranks_of({rows, rows, labels, labels}, drawn_options(draw), [&](const auto& options, const auto& visit) {
      return visit_same_class_ranks(*labelled, options, visit);
    });
  });
}

/// By tiles of products of one kind, of both spaces at a time where these allow it.
Status search_by_tiles(const LabelledSet& set, const NeighbourOptions& options, const VisitRanks& visit,
                       TileProducts::Kind kind) {
  const NeighbourSearch search(set, options);
  if (options.euclidean && options.cosine) {
    if (const auto both = double_order_of_both(search)) return search_tiles(search, *both, visit, kind);
  }
  for (const Space space : {Space::kEuclidean, Space::kCosine}) {
    if (!options.depth(space)) continue;
    const NeighbourOptions one = options.only(space);
    const NeighbourSearch of_space(set, one);
    OODML_RETURN_IF_ERROR(search_tiles(of_space, *double_order(of_space, space), visit, kind));
  }
  return {};
}

TEST(RandomRanksTest, ByTilesOfEitherKindAreThoseOfFloat64) {
  testing::for_random_sets(16, [](Draws& draw) {
    const RandomSet set = testing::drawn_set(draw);
    SCOPED_TRACE(set.kind);
    const auto labelled = LabelledSet::make(set.rows, set.labels);
    if (!labelled) return;
    const RowsOfDoubles rows = testing::as_rows(set.rows);
    const std::vector<std::int64_t> labels = as_vector(set.labels);
    const auto kind = draw.one_of({TileProducts::Kind::kOfIntegers, TileProducts::Kind::kSinglePrecision});
    expect_ranks_of({rows, rows, labels, labels}, drawn_options(draw), [&](const auto& options, const auto& visit) {
      return search_by_tiles(*labelled, options, visit, kind);
    });
  });
}

TEST(RandomRanksTest, InAGalleryAreThoseOfFloat64) {
  testing::for_random_sets(6, [](Draws& draw) {
    const RandomSet set = testing::drawn_set(draw);
    const std::int64_t n = set.rows.size(0), split = draw.integer(1, n - 1);
    const double factor = draw.happens(0.5) ? 1.0 : draw.power(-10, 10);
    SCOPED_TRACE(set.kind + ", queries " + std::to_string(split) + " times " + std::to_string(factor));
    const auto of_queries = set.rows.slice(0, 0, split) * factor, of_gallery = set.rows.slice(0, split, n);
    if (!of_queries.isfinite().all().item<bool>()) return;
    const auto queries = LabelledSet::make(of_queries, set.labels.slice(0, 0, split), 1);
    const auto gallery = LabelledSet::make(of_gallery, set.labels.slice(0, split, n), 1);
    if (!queries || !gallery) return;
    const Searched searched{testing::as_rows(of_queries), testing::as_rows(of_gallery),
                            as_vector(set.labels.slice(0, 0, split)), as_vector(set.labels.slice(0, split, n)),
                            /*in_itself=*/false};
    expect_ranks_of(searched, drawn_options(draw), [&](const auto& options, const auto& visit) {
      return visit_gallery_ranks(*queries, *gallery, options, visit);
    });
  });
}

}  // namespace
}  // namespace oodml::metrics
