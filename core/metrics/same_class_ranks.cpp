#include "core/metrics/same_class_ranks.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "core/metrics/near_part.h"

// Compiled with -O3 -fopenmp-simd, as key_counts.cpp is.
//
// The ranks of the members of a class are a set, so their own order does not matter: the member that is q-th among the
// members has the rank q plus the number of strangers before it. Only strangers that screening cannot tell from a
// member are looked at again.

namespace oodml::metrics {
namespace {

/// Up to this many members, counting passes are cheaper than sorting the row.
constexpr std::size_t kCountingMembers = 320;
/// Up to this many members, counting in the whole row is cheaper than taking its near part first.
constexpr std::size_t kFewMembers = kCountedAtOnce / 2;

/// A member whose rank is wanted.
struct Member {
  std::int64_t row = 0;
  Key below = 0, above = 0;    ///< Of its key.
  std::int64_t strangers = 0;  ///< Certainly before it.
  bool open = false;           ///< Some strangers may be before or behind it.
};

struct Stranger {
  std::int64_t row = 0;
  Key key = 0;
  double value = 0.0;
};

/// Buffers of one thread.
struct Scratch {
  std::vector<std::int64_t> rows;  // members, nearest first
  std::vector<Key> member_keys;    // theirs
  std::vector<Member> wanted;
  std::vector<Key> limits, sorted, other;
  std::vector<std::int64_t> counts, found;
  std::vector<Stranger> strangers;
  NearPart part;
};

/// One pass of a radix sort by `bits` bits from `shift` on.
template <int bits>
void radix_pass(const std::vector<Key>& from, std::vector<Key>& to, int shift) {
  std::array<std::uint32_t, 1 << bits> ends{};
  constexpr Key mask = (1 << bits) - 1;
  for (const Key key : from) ++ends[(key >> shift) & mask];
  std::uint32_t start = 0;
  for (std::uint32_t& end : ends) start += std::exchange(end, start);
  for (const Key key : from) to[ends[(key >> shift) & mask]++] = key;
}

void sort_keys(std::span<const Key> keys, std::vector<Key>& sorted, std::vector<Key>& other) {
  sorted.assign(keys.begin(), keys.end());
  other.resize(keys.size());
  radix_pass<11>(sorted, other, 0);
  radix_pass<10>(other, sorted, 11);
  radix_pass<10>(sorted, other, 21);
  sorted.swap(other);
}

/// The members by their keys, without the dropped one.
void sort_members(std::span<const Key> keys, std::span<const std::int64_t> members, std::int64_t dropped, Scratch& s) {
  s.rows.clear();
  for (const std::int64_t member : members) {
    if (member != dropped) s.rows.push_back(member);
  }
  std::sort(s.rows.begin(), s.rows.end(),
            [&](std::int64_t a, std::int64_t b) { return keys[a] != keys[b] ? keys[a] < keys[b] : a < b; });
  s.member_keys.clear();
  for (const std::int64_t row : s.rows) s.member_keys.push_back(keys[row]);
}

/// How many of the members, nearest first, can have ranks up to `limit`: of eight steps at a time the one is kept in
/// which the ranks pass the limit.
std::size_t members_within(std::span<const Key> keys, std::span<const Key> member_keys, std::int64_t limit,
                           const Margin& margin) {
  std::size_t within = 0, end = member_keys.size();
  while (within < end) {
    const std::size_t step = (end - within + kCountedAtOnce - 1) / kCountedAtOnce;
    std::array<Key, kCountedAtOnce> limits{};
    std::array<std::int64_t, kCountedAtOnce> before{};
    std::size_t probes = 0;
    for (std::size_t last = within + step; probes < kCountedAtOnce; last += step) {
      limits[probes++] = margin.below(member_keys[std::min(last, end) - 1]);
      if (last >= end) break;
    }
    count_below(keys, std::span(limits).first(probes), before);
    const auto passed = static_cast<std::size_t>(std::lower_bound(before.begin(), before.begin() + probes, limit) -
                                                 before.begin());  // their ranks are at most `limit`
    const std::size_t base = within;
    within = std::min(base + passed * step, end);
    if (passed < probes) end = std::min(base + (passed + 1) * step, end) - 1;
  }
  return within;
}

std::int64_t members_below(const Scratch& s, Key limit) {
  return std::lower_bound(s.member_keys.begin(), s.member_keys.end(), limit) - s.member_keys.begin();
}

/// How many keys are smaller than each of the limits.
void count(std::span<const Key> keys, Scratch& s) {
  s.counts.resize(s.limits.size());
  if (s.wanted.size() <= kCountingMembers) return count_below(keys, s.limits, s.counts);
  sort_keys(keys, s.sorted, s.other);
  for (std::size_t i = 0; i < s.limits.size(); ++i) {
    s.counts[i] = std::lower_bound(s.sorted.begin(), s.sorted.end(), s.limits[i]) - s.sorted.begin();
  }
}

/// Certain strangers of each wanted member, and whether there are uncertain ones; true when any is open.
bool screen(std::span<const Key> keys, Scratch& s) {
  s.limits.clear();
  for (const Member& wanted : s.wanted) {
    s.limits.push_back(wanted.below);
    s.limits.push_back(wanted.above + 1);
  }
  count(keys, s);
  bool any = false;
  for (std::size_t i = 0; i < s.wanted.size(); ++i) {
    Member& wanted = s.wanted[i];
    wanted.strangers = s.counts[2 * i] - members_below(s, wanted.below);
    const std::int64_t up_to = s.counts[2 * i + 1] - members_below(s, wanted.above + 1);
    wanted.open = up_to > wanted.strangers;
    any = any || wanted.open;
  }
  return any;
}

/// The keys that open members leave undecided, as intervals that do not touch, ascending.
std::vector<std::pair<Key, Key>> open_intervals(const std::vector<Member>& wanted) {
  std::vector<std::pair<Key, Key>> intervals;
  for (const Member& one : wanted) {  // ascending, as their keys are
    if (!one.open) continue;
    if (!intervals.empty() && one.below <= intervals.back().second) {
      intervals.back().second = std::max(intervals.back().second, one.above);
    } else {
      intervals.emplace_back(one.below, one.above);
    }
  }
  return intervals;
}

/// Positions of the keys inside of the intervals. Few are looked for one by one; of many a table of 1024 steps says
/// whether a key can be inside of one.
void find_inside(std::span<const Key> keys, const std::vector<std::pair<Key, Key>>& intervals,
                 std::vector<std::int64_t>& found) {
  found.clear();
  if (intervals.size() <= 4) {
    for (const auto& [first, last] : intervals) append_between(keys, first, last, found);
    return;
  }
  const Key start = intervals.front().first;
  const auto span = static_cast<std::uint32_t>(intervals.back().second - start);
  const int shift = std::max(0, static_cast<int>(std::bit_width(span)) - 10);
  std::array<std::uint8_t, 1024> flags{};
  for (const auto& [first, last] : intervals) {
    std::fill(flags.begin() + ((first - start) >> shift), flags.begin() + ((last - start) >> shift) + 1, 1);
  }
  for (std::size_t p = 0; p < keys.size(); ++p) {
    const auto offset = static_cast<std::uint32_t>(keys[p] - start);
    if (offset > span || flags[offset >> shift] == 0) continue;
    const auto after = std::upper_bound(intervals.begin(), intervals.end(), keys[p],
                                        [](Key key, const auto& interval) { return key < interval.first; });
    if (after != intervals.begin() && keys[p] <= std::prev(after)->second)
      found.push_back(static_cast<std::int64_t>(p));
  }
}

/// Fills s.strangers with the rows that open members may be confused with.
void gather_strangers(std::span<const Key> row, std::span<const std::int64_t> members, const RowOrder& order,
                      bool in_part, Scratch& s) {
  const std::span<const Key> keys = in_part ? s.part.keys() : row;
  find_inside(keys, open_intervals(s.wanted), s.found);
  s.strangers.clear();
  for (const std::int64_t position : s.found) {
    const std::int64_t at = in_part ? s.part.row_of(static_cast<std::size_t>(position)) : position;
    if (std::binary_search(members.begin(), members.end(), at)) continue;
    s.strangers.push_back({.row = at, .key = row[at], .value = order.value(row, at)});
  }
}

/// Decides for the open members which of the gathered strangers come before them.
void decide(std::span<const Key> row, const RowOrder& order, Scratch& s) {
  const auto nearer = [](const Stranger& a, const Stranger& b) {
    return a.value != b.value ? a.value < b.value : a.row < b.row;
  };
  std::sort(s.strangers.begin(), s.strangers.end(), nearer);
  s.limits.clear();
  for (const Stranger& stranger : s.strangers) s.limits.push_back(stranger.key);
  std::sort(s.limits.begin(), s.limits.end());
  for (Member& wanted : s.wanted) {
    if (!wanted.open) continue;
    const Stranger itself{.row = wanted.row, .key = row[wanted.row], .value = order.value(row, wanted.row)};
    const auto before = std::lower_bound(s.strangers.begin(), s.strangers.end(), itself, nearer) - s.strangers.begin();
    const auto certain = std::lower_bound(s.limits.begin(), s.limits.end(), wanted.below) - s.limits.begin();
    wanted.strangers += before - certain;
  }
}

/// The nearest of the members, which stand sorted by their keys.
std::int64_t nearest_member(std::span<const Key> keys, const RowOrder& order, const Scratch& s) {
  const Key last = order.margin.above(s.member_keys.front());
  std::pair<double, std::int64_t> best{0.0, s.rows.front()};
  if (s.rows.size() == 1 || s.member_keys[1] > last) return best.second;
  best.first = order.value(keys, best.second);
  for (std::size_t i = 1; i < s.rows.size() && s.member_keys[i] <= last; ++i) {
    best = std::min(best, {order.value(keys, s.rows[i]), s.rows[i]});
  }
  return best.second;
}

}  // namespace

std::int64_t nearest_row(std::span<const Key> keys, const RowOrder& order) {
  thread_local std::vector<std::int64_t> contenders;
  contenders.clear();
  const Key smallest = smallest_key(keys);
  append_between(keys, smallest, order.margin.above(smallest), contenders);
  if (contenders.size() == 1 || !order.exactly) return contenders.front();
  std::pair best{order.exactly(contenders.front()), contenders.front()};
  for (const std::int64_t row : contenders) {
    if (best.first == 0.0) break;  // nothing is nearer
    best = std::min(best, {order.exactly(row), row});
  }
  return best.second;
}

void same_class_ranks(std::span<Key> keys, std::span<const std::int64_t> members, std::int64_t dropped, RankDepth depth,
                      const RowOrder& order, std::vector<std::int64_t>& ranks) {
  ranks.clear();
  if (dropped >= 0) keys[dropped] = kLastKey;
  thread_local Scratch s;
  sort_members(keys, members, dropped, s);
  if (s.rows.empty()) return;
  s.wanted.clear();
  const auto want = [&](std::int64_t row) {
    s.wanted.push_back({.row = row, .below = order.margin.below(keys[row]), .above = order.margin.above(keys[row])});
  };
  const std::int64_t limit = std::max(depth.limit, static_cast<std::int64_t>(members.size()));
  const bool in_part = !depth.first_only && s.rows.size() > kFewMembers;
  if (depth.first_only) {
    want(nearest_member(keys, order, s));
  } else {
    const bool limited = in_part && limit < static_cast<std::int64_t>(keys.size());
    const std::size_t within = limited ? members_within(keys, s.member_keys, limit, order.margin) : s.rows.size();
    for (std::size_t i = 0; i < within; ++i) want(s.rows[i]);
    if (s.wanted.empty()) return;
    if (in_part) s.part.take(keys, s.wanted.back().above);
  }
  if (screen(in_part ? s.part.keys() : std::span<const Key>(keys), s)) {
    gather_strangers(keys, members, order, in_part, s);
    decide(keys, order, s);
  }
  std::sort(s.wanted.begin(), s.wanted.end(),
            [](const Member& a, const Member& b) { return a.strangers < b.strangers; });
  for (const Member& wanted : s.wanted) ranks.push_back(static_cast<std::int64_t>(ranks.size()) + 1 + wanted.strangers);
  if (!depth.first_only) {
    while (!ranks.empty() && ranks.back() > limit) ranks.pop_back();
  }
}

}  // namespace oodml::metrics
