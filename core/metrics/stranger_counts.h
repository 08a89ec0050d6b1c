#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/metrics/same_class_ranks.h"
#include "core/products/near_tile.h"

namespace oodml::metrics {

/// What is known of a query's rows beyond the keys that they come with; asked for where these leave a row open.
class CloserOrder {
 public:
  virtual ~CloserOrder() = default;
  /// As many keys as rows, each a float >= 0, closer to the truth; a row is called what it is in NearRows.
  virtual void find_keys(std::span<const std::uint32_t> rows, std::span<float> keys) const = 0;
  virtual RowOrder order() const = 0;
};

/// Ranks by counting, for queries that are rows of the set they are searched in: the keys of the rows of a query's
/// class (members) are known first, then rows of other classes (strangers) come in any order and in any parts, and only
/// those that may come before a member are looked at. Strangers come with keys that may be far off; those that cannot
/// be told from a member get closer ones, and what these leave open is decided exactly. Memory: 36 bytes for each pair
/// of a query and a member.
///
/// Calls for different queries may come from different threads.
class StrangerCounts {
 public:
  struct Options {
    RankDepth depth;
    bool leave_nearest_out = true;  ///< Else the query itself is left out.
  };

  /// As many queries as `members` has entries: members[query] rows are of its class, itself among them.
  StrangerCounts(std::span<const std::int64_t> members, Options options);

  /// The members of a query, ascending, and their closer keys; the query is the row `itself`. order.margin is of two
  /// closer keys, `first` of one and a key that a stranger comes with. Without order.exactly all rows are equally near.
  void start(std::int64_t query, std::int64_t itself, std::span<const std::int64_t> members,
             std::span<const float> keys, const RowOrder& order, Margin first);

  /// Strangers with larger keys do not matter, now or later; minus infinity: none does.
  float limit(std::int64_t query) const;

  /// Some strangers, each once over all calls: their keys, and row_of[] what they are called in the order.
  void count(std::int64_t query, const products::NearRows& strangers, std::span<const std::int64_t> row_of,
             const CloserOrder& closer);

  /// As same_class_ranks.
  void ranks(std::int64_t query, std::vector<std::int64_t>& ranks) const;

 private:
  struct Query {
    std::int64_t begin = 0;              ///< In the arrays by member.
    std::int64_t wanted = 0;             ///< Members whose ranks are wanted, nearest first by key.
    std::int64_t active = 0;             ///< The first of them, of which strangers are still counted.
    std::int64_t certain = 0;            ///< Strangers that come certainly before the last active member.
    std::int64_t limit = 0;              ///< Larger ranks are not wanted.
    std::int64_t nearest = -1;           ///< The member that is left out, unless a stranger comes before it; -1: none.
    Key zero = -1, first_zero = -1;      ///< Keys up to these may be of rows in the same place as the query.
    std::int64_t same_place = 0;         ///< Strangers in the same place that come before `nearest`.
    std::span<const std::int64_t> tied;  ///< All rows are equally near: all members, and nothing is counted.
    std::int64_t left_out_of_tied = -1;
  };
  /// By query and member: the keys of strangers that the margin cannot tell from it.
  struct Bands {
    std::vector<Key> below, above;
  };
  struct Batch;

  void want(Query& query, std::int64_t row, float key, Margin margin, Margin first);
  void want_nearest(Query& query, Batch& batch, const RowOrder& order, Margin first);
  void take_nearest_out(Query& query, std::int64_t itself, Batch& batch, const RowOrder& order) const;
  void count_certain(Query& query, const Bands& bands, Batch& batch);
  std::size_t find_open(const Query& query, const Bands& bands, Key zero, Batch& batch) const;
  void count_closer(Query& query, std::span<const std::int64_t> row_of, const CloserOrder& closer, Batch& batch);
  void decide(Query& query, Batch& batch, const RowOrder& order);
  void give_up(Query& query);
  void ranks_of_tied(const Query& query, std::vector<std::int64_t>& ranks) const;

  Options options_;
  std::vector<Query> queries_;
  Bands first_, closer_;
  // By query and member:
  std::vector<std::uint32_t> rows_;
  std::vector<std::int32_t> strangers_;  ///< Certain ones that come before this member and not before the last one.
  std::vector<std::int32_t> decided_;    ///< Uncertain ones that come before it.
  std::vector<double> values_;           ///< What decides; NaN where not needed yet.
};

}  // namespace oodml::metrics
