#include "core/metrics/stranger_counts.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

// Compiled with -O3: of every query all near strangers pass through `count`.

namespace oodml::metrics {
namespace {

constexpr float kNobody = -std::numeric_limits<float>::infinity();
constexpr double kNotComputed = std::numeric_limits<double>::quiet_NaN();

float distance_of(Key key) { return std::bit_cast<float>(key); }

struct Stranger {
  Key key = 0;
  std::int64_t row = 0;
  double value = 0.0;
};

bool is_nearer(const Stranger& a, const Stranger& b) { return a.value != b.value ? a.value < b.value : a.row < b.row; }

}  // namespace

/// Buffers of one thread.
struct StrangerCounts::Batch {
  std::vector<std::pair<float, std::int64_t>> members;
  std::vector<Key> given;            ///< Of all strangers.
  std::vector<std::int32_t> behind;  ///< How many members each is not certainly before; room for more.
  std::vector<std::uint32_t> open;   ///< Positions of strangers that have to be looked at again; room for more.
  std::vector<std::uint32_t> rows;   ///< These strangers, and their closer keys.
  std::vector<float> closer;
  std::vector<Stranger> strangers;
  std::vector<Key> keys;

  void take(std::span<const float> keys) {
    given.resize(keys.size());
    std::ranges::transform(keys, given.begin(), [](float key) { return std::bit_cast<Key>(key); });
    if (behind.size() >= keys.size()) return;
    behind.resize(keys.size());
    open.resize(keys.size());
  }

  static Batch& of_thread() {
    thread_local Batch batch;
    return batch;
  }
};

StrangerCounts::StrangerCounts(std::span<const std::int64_t> members, Options options) : options_(options) {
  queries_.resize(members.size());
  std::int64_t pairs = 0;
  for (std::size_t query = 0; query < members.size(); ++query) {
    queries_[query].begin = pairs;
    queries_[query].limit = options.depth.first_only ? INT64_MAX : std::max(options.depth.limit, members[query]);
    pairs += (options.depth.first_only ? 1 : members[query]) + 1;  // strangers_ of the first one that is not active
  }
  for (Bands* const bands : {&first_, &closer_}) {
    bands->below.resize(static_cast<std::size_t>(pairs));
    bands->above.resize(static_cast<std::size_t>(pairs));
  }
  for (std::vector<std::int32_t>* const counts : {&strangers_, &decided_}) {
    counts->assign(static_cast<std::size_t>(pairs), 0);
  }
  rows_.resize(static_cast<std::size_t>(pairs));
  values_.assign(static_cast<std::size_t>(pairs), kNotComputed);
}

void StrangerCounts::want(Query& query, std::int64_t row, float key, Margin margin, Margin first) {
  const std::int64_t at = query.begin + query.wanted++;
  rows_[at] = static_cast<std::uint32_t>(row);
  closer_.below[at] = margin.below(std::bit_cast<Key>(key));
  closer_.above[at] = margin.above(std::bit_cast<Key>(key));
  first_.below[at] = first.below(std::bit_cast<Key>(key));
  first_.above[at] = first.above(std::bit_cast<Key>(key));
}

void StrangerCounts::start(std::int64_t of, std::int64_t itself, std::span<const std::int64_t> members,
                           std::span<const float> keys, const RowOrder& order, Margin first) {
  Query& query = queries_[of];
  if (!order.exactly) {
    query.tied = members;
    query.left_out_of_tied = options_.leave_nearest_out ? 0 : itself;
    return;
  }
  Batch& batch = Batch::of_thread();
  batch.members.clear();
  for (std::size_t m = 0; m < members.size(); ++m) batch.members.emplace_back(keys[m], members[m]);
  std::sort(batch.members.begin(), batch.members.end());
  take_nearest_out(query, itself, batch, order);
  if (query.zero >= 0) query.first_zero = first.above(0);
  if (batch.members.empty()) return;
  if (options_.depth.first_only) {
    want_nearest(query, batch, order, first);
  } else {
    for (const auto& [key, row] : batch.members) want(query, row, key, order.margin, first);
  }
  query.active = query.wanted;
}

/// The first of the members that lie where the query does leaves them.
void StrangerCounts::take_nearest_out(Query& query, std::int64_t itself, Batch& batch, const RowOrder& order) const {
  std::int64_t out = itself;
  if (options_.leave_nearest_out) {
    query.zero = order.margin.above(0);
    for (const auto& [key, row] : batch.members) {
      if (std::bit_cast<Key>(key) > query.zero) break;
      if (row < out && order.exactly(row) == 0.0) out = row;
    }
    query.nearest = out;
  }
  std::erase_if(batch.members, [&](const auto& member) { return member.second == out; });
}

void StrangerCounts::want_nearest(Query& query, Batch& batch, const RowOrder& order, Margin first) {
  const auto& members = batch.members;
  const Key last = order.margin.above(std::bit_cast<Key>(members.front().first));
  std::size_t nearest = 0;
  for (std::size_t m = 1; m < members.size() && std::bit_cast<Key>(members[m].first) <= last; ++m) {
    const double best = order.exactly(members[nearest].second), value = order.exactly(members[m].second);
    if (std::pair(value, members[m].second) < std::pair(best, members[nearest].second)) nearest = m;
  }
  want(query, members[nearest].second, members[nearest].first, order.margin, first);
}

float StrangerCounts::limit(std::int64_t of) const {
  const Query& query = queries_[of];
  const Key last = query.active > 0 ? first_.above[query.begin + query.active - 1] : -1;
  const Key limit = std::max(last, query.first_zero);
  return limit < 0 ? kNobody : distance_of(limit);
}

void StrangerCounts::count(std::int64_t of, const products::NearRows& strangers, std::span<const std::int64_t> row_of,
                           const CloserOrder& closer) {
  Query& query = queries_[of];
  Batch& batch = Batch::of_thread();
  batch.take(strangers.keys);
  count_certain(query, first_, batch);
  give_up(query);
  const std::size_t open = find_open(query, first_, query.first_zero, batch);
  if (open == 0) return;
  batch.rows.clear();
  for (std::size_t i = 0; i < open; ++i) {
    const std::uint32_t at = batch.open[i];
    batch.rows.push_back(strangers.rows[at]);
    if (batch.behind[at] >= query.active) continue;
    --strangers_[query.begin + batch.behind[at]];  // until it is known better
    --query.certain;
  }
  count_closer(query, row_of, closer, batch);
  give_up(query);
}

/// Counts the strangers of batch.given before the members that they are certainly before: all but the first
/// batch.behind. Without a branch, as none could be foreseen: counts of members that are not active mean nothing.
void StrangerCounts::count_certain(Query& query, const Bands& bands, Batch& batch) {
  const auto active = static_cast<std::int32_t>(query.active);
  const auto behind = std::span(batch.behind).first(batch.given.size());
  count_limits({bands.below.data() + query.begin, static_cast<std::size_t>(active)}, batch.given, behind);
  std::int32_t* const counts = strangers_.data() + query.begin;
  std::int64_t certain = 0;
  for (const std::int32_t members : behind) {
    ++counts[members];
    certain += members < active;
  }
  query.certain += certain;
}

/// batch.open: those of batch.given that may or may not be before an active member, or are as near as `zero`.
std::size_t StrangerCounts::find_open(const Query& query, const Bands& bands, Key zero, Batch& batch) const {
  const Key* const above = bands.above.data() + query.begin;
  const Key* const given = batch.given.data();
  const std::int32_t* const all_behind = batch.behind.data();
  std::uint32_t* const found = batch.open.data();
  const auto active = static_cast<std::int32_t>(query.active), n = static_cast<std::int32_t>(batch.given.size());
  std::int32_t open = 0;
  for (std::int32_t i = 0; i < n; ++i) {
    const Key key = given[i];
    const std::int32_t behind = std::min(all_behind[i], active);
    found[open] = static_cast<std::uint32_t>(i);
    open += ((behind > 0) & (above[behind - (behind > 0)] >= key)) | (key <= zero);
  }
  return static_cast<std::size_t>(open);
}

/// Those of batch.rows, which their first keys left open.
void StrangerCounts::count_closer(Query& query, std::span<const std::int64_t> row_of, const CloserOrder& closer,
                                  Batch& batch) {
  batch.closer.resize(batch.rows.size());
  closer.find_keys(batch.rows, batch.closer);
  batch.take(batch.closer);
  count_certain(query, closer_, batch);
  const std::size_t open = find_open(query, closer_, query.zero, batch);
  if (open == 0) return;
  const RowOrder order = closer.order();
  batch.strangers.clear();
  for (std::size_t i = 0; i < open; ++i) {
    const std::int64_t row = row_of[batch.rows[batch.open[i]]];
    batch.strangers.push_back({batch.given[batch.open[i]], row, order.exactly(row)});
  }
  decide(query, batch, order);
}

/// Which of the strangers come before the members that their keys leave open.
void StrangerCounts::decide(Query& query, Batch& batch, const RowOrder& order) {
  auto& strangers = batch.strangers;
  const Key *const below = closer_.below.data() + query.begin, *const above = closer_.above.data() + query.begin;
  std::sort(strangers.begin(), strangers.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  batch.keys.clear();
  for (const Stranger& stranger : strangers) batch.keys.push_back(stranger.key);
  std::sort(strangers.begin(), strangers.end(), is_nearer);
  for (const Stranger& stranger : strangers) {
    if (stranger.value > 0.0) break;
    query.same_place += stranger.row < query.nearest;
  }
  std::size_t next = 0;  // of batch.keys
  for (std::int64_t m = std::lower_bound(above, above + query.active, batch.keys.front()) - above; m < query.active;
       ++m) {
    while (next < batch.keys.size() && batch.keys[next] < below[m]) ++next;  // certainly before: counted
    if (next == batch.keys.size()) break;
    if (batch.keys[next] > above[m]) continue;
    double& value = values_[query.begin + m];
    if (std::isnan(value)) value = order.exactly(rows_[query.begin + m]);
    const Stranger member{.row = rows_[query.begin + m], .value = value};
    const auto before = std::lower_bound(strangers.begin(), strangers.end(), member, is_nearer) - strangers.begin();
    decided_[query.begin + m] += static_cast<std::int32_t>(before - static_cast<std::ptrdiff_t>(next));
  }
}

/// Members that have come too far behind are wanted no more: with one stranger more than the limit before it, as the
/// row that is left out may be one of them.
void StrangerCounts::give_up(Query& query) {
  if (options_.depth.first_only) return;
  while (query.active > 0 && query.certain > query.limit) {
    --query.active;
    query.certain -= strangers_[query.begin + query.active];
  }
}

void StrangerCounts::ranks_of_tied(const Query& query, std::vector<std::int64_t>& ranks) const {
  for (const std::int64_t row : query.tied) {
    if (row == query.left_out_of_tied) continue;
    ranks.push_back(row + 1 - (query.left_out_of_tied < row ? 1 : 0));
  }
  if (options_.depth.first_only && ranks.size() > 1) ranks.erase(ranks.begin() + 1, ranks.end());
}

void StrangerCounts::ranks(std::int64_t of, std::vector<std::int64_t>& ranks) const {
  const Query& query = queries_[of];
  ranks.clear();
  if (!query.tied.empty()) {
    ranks_of_tied(query, ranks);
  } else {
    // A stranger in the query's place is the nearest row of all: it is left out, and the member was not.
    const std::int64_t left_out = query.same_place > 0 ? 1 : 0;
    std::int64_t strangers = 0;
    for (std::int64_t m = 0; m < query.active; ++m) {
      strangers += strangers_[query.begin + m];
      ranks.push_back(strangers + decided_[query.begin + m] - left_out);
    }
    if (left_out > 0) ranks.push_back(query.same_place - left_out);
    std::sort(ranks.begin(), ranks.end());
    for (std::size_t i = 0; i < ranks.size(); ++i) ranks[i] += static_cast<std::int64_t>(i) + 1;
    if (options_.depth.first_only && ranks.size() > 1) ranks.erase(ranks.begin() + 1, ranks.end());
  }
  while (!ranks.empty() && ranks.back() > query.limit) ranks.pop_back();
}

}  // namespace oodml::metrics
