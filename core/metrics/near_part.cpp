#include "core/metrics/near_part.h"

#include <algorithm>

#include "core/metrics/wide.h"

// Compiled with -O3 -fopenmp-simd, as same_class_ranks.cpp is.

namespace oodml::metrics {
namespace {

constexpr std::int64_t kBlock = 64;

/// Appends the keys up to `last` of n keys; `to` has room for n. Most blocks of a row hold none of them.
OODML_WIDE std::int64_t append_up_to(const Key* keys, std::int64_t n, Key last, Key* to) {
  std::int64_t taken = 0;
  for (std::int64_t begin = 0; begin < n; begin += kBlock) {
    const std::int64_t end = std::min(begin + kBlock, n);
    Key smallest = last + 1;
#pragma omp simd reduction(min : smallest)
    for (std::int64_t j = begin; j < end; ++j) smallest = keys[j] < smallest ? keys[j] : smallest;
    if (smallest > last) continue;
    for (std::int64_t j = begin; j < end; ++j) {
      to[taken] = keys[j];
      taken += keys[j] <= last;
    }
  }
  return taken;
}

/// The ranks of `some` of the members in an order of their own.
std::vector<std::int64_t> ranks_of(std::span<const Key> keys, std::vector<std::int64_t> some) {
  std::sort(some.begin(), some.end());
  std::vector<std::int64_t> ranks;
  count_ranks(keys, some, ranks);
  std::sort(ranks.begin(), ranks.end());
  return ranks;
}

/// How many of the members, nearest first, have ranks up to `limit`: of eight steps at a time the one is kept in which
/// the ranks pass the limit.
std::size_t members_within(std::span<const Key> keys, std::span<const std::int64_t> nearest_first, std::int64_t limit) {
  std::size_t within = 0, end = nearest_first.size();
  while (within < end) {
    const std::size_t step = (end - within + kCountedAtOnce - 1) / kCountedAtOnce;
    std::vector<std::int64_t> probes;
    for (std::size_t last = within + step; probes.size() < kCountedAtOnce; last += step) {
      probes.push_back(nearest_first[std::min(last, end) - 1]);
      if (last >= end) break;
    }
    const auto ranks = ranks_of(keys, probes);
    const auto passed = static_cast<std::size_t>(std::upper_bound(ranks.begin(), ranks.end(), limit) - ranks.begin());
    const std::size_t base = within;
    within = std::min(base + passed * step, end);
    if (passed < ranks.size()) end = std::min(base + (passed + 1) * step, end) - 1;
  }
  return within;
}

}  // namespace

void take_near_part(std::span<const Key> keys, std::span<const std::int64_t> members, std::int64_t limit,
                    NearPart& part) {
  part.members.clear();
  part.keys.resize(keys.size());
  std::vector<std::int64_t> nearest_first(members.begin(), members.end());
  std::sort(nearest_first.begin(), nearest_first.end(),
            [&](std::int64_t a, std::int64_t b) { return keys[a] != keys[b] ? keys[a] < keys[b] : a < b; });
  const bool limited = limit < static_cast<std::int64_t>(keys.size());
  const std::size_t wanted = limited ? members_within(keys, nearest_first, limit) : members.size();
  std::int64_t begin = 0, taken = 0;
  if (wanted > 0) {
    const Key last = keys[nearest_first[wanted - 1]];
    for (const std::int64_t member : members) {
      if (keys[member] > last) continue;
      taken += append_up_to(keys.data() + begin, member - begin, last, part.keys.data() + taken);
      part.members.push_back(taken);
      begin = member;
    }
    taken += append_up_to(keys.data() + begin, static_cast<std::int64_t>(keys.size()) - begin, last,
                          part.keys.data() + taken);
  }
  part.keys.resize(static_cast<std::size_t>(taken));
}

}  // namespace oodml::metrics
