#include "core/metrics/same_class_ranks.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

// This file is compiled with -O3 -fopenmp-simd: its loops over a row of distances are where evaluation spends what the
// matrix product leaves. Each clone is chosen at start by what the processor can do.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define OODML_WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define OODML_WIDE
#endif

namespace oodml::metrics {
namespace {

constexpr float kNever = std::numeric_limits<float>::infinity();
/// Up to this many members, one counting pass each is cheaper than sorting the row.
constexpr std::size_t kCountingMembers = 160;

OODML_WIDE void distances_in_place(float* products, const float* norms, float norm, std::int64_t n) {
  for (std::int64_t j = 0; j < n; ++j) {
    const float distance = (norm + norms[j]) - 2.0f * products[j];
    products[j] = distance > 0.0f ? distance : 0.0f;
  }
}

OODML_WIDE float minimum(const float* values, std::int64_t n) {
  float smallest = kNever;
#pragma omp simd reduction(min : smallest)
  for (std::int64_t j = 0; j < n; ++j) smallest = values[j] < smallest ? values[j] : smallest;
  return smallest;
}

OODML_WIDE std::int32_t count_below(const float* values, std::int64_t n, float limit) {
  std::int32_t count = 0;
  for (std::int64_t j = 0; j < n; ++j) count += values[j] < limit;
  return count;
}

OODML_WIDE std::int32_t count_up_to(const float* values, std::int64_t n, float limit) {
  std::int32_t count = 0;
  for (std::int64_t j = 0; j < n; ++j) count += values[j] <= limit;
  return count;
}

/// 1 + the number of entries that come before `position` in the order.
std::int64_t rank_of(std::span<const float> distances, std::int64_t position) {
  const float distance = distances[position];
  const auto behind = static_cast<std::int64_t>(distances.size()) - position;
  return 1 + count_up_to(distances.data(), position, distance) +
         count_below(distances.data() + position, behind, distance);
}

/// The nearest member that is not dropped, or -1.
std::int64_t nearest_member(std::span<const float> distances, std::span<const std::int64_t> members,
                            std::int64_t dropped) {
  std::int64_t nearest = -1;
  for (const std::int64_t member : members) {
    if (member != dropped && (nearest < 0 || distances[member] < distances[nearest])) nearest = member;
  }
  return nearest;
}

/// One pass of a stable radix sort by `bits` bits from `shift` on.
template <int bits>
void radix_pass(const std::vector<std::uint32_t>& from, std::vector<std::uint32_t>& to, int shift) {
  std::array<std::uint32_t, 1 << bits> ends{};
  constexpr std::uint32_t mask = (1 << bits) - 1;
  for (const std::uint32_t word : from) ++ends[(word >> shift) & mask];
  std::uint32_t start = 0;
  for (std::uint32_t& end : ends) start += std::exchange(end, start);
  for (const std::uint32_t word : from) to[ends[(word >> shift) & mask]++] = word;
}

/// Sorts the whole row. A distance is >= 0, so its bits order as it does and its sign bit is free: shifted out, it
/// makes room for the mark of a member in bit 0, which is not sorted by.
void ranks_by_sorting(std::span<const float> distances, std::span<const std::int64_t> members, std::int64_t dropped,
                      std::vector<std::int64_t>& ranks) {
  thread_local std::vector<std::uint32_t> words, other;
  words.resize(distances.size());
  other.resize(distances.size());
  for (std::size_t j = 0; j < distances.size(); ++j) words[j] = std::bit_cast<std::uint32_t>(distances[j]) << 1;
  for (const std::int64_t member : members) words[member] |= member != dropped;
  radix_pass<11>(words, other, 1);
  radix_pass<10>(other, words, 12);
  radix_pass<10>(words, other, 22);
  for (std::size_t j = 0; j < other.size(); ++j) {
    if ((other[j] & 1) != 0) ranks.push_back(static_cast<std::int64_t>(j) + 1);
  }
}

}  // namespace

void to_squared_distances(std::span<float> products, std::span<const float> norms, float norm) {
  distances_in_place(products.data(), norms.data(), norm, static_cast<std::int64_t>(products.size()));
}

std::int64_t first_minimum(std::span<const float> values) {
  const float smallest = minimum(values.data(), static_cast<std::int64_t>(values.size()));
  return std::find(values.begin(), values.end(), smallest) - values.begin();
}

void same_class_ranks(std::span<float> distances, std::span<const std::int64_t> members, std::int64_t dropped,
                      RankDepth depth, std::vector<std::int64_t>& ranks) {
  ranks.clear();
  distances[dropped] = kNever;
  if (depth == RankDepth::kFirst) {
    const std::int64_t nearest = nearest_member(distances, members, dropped);
    if (nearest >= 0) ranks.push_back(rank_of(distances, nearest));
    return;
  }
  if (members.size() > kCountingMembers) return ranks_by_sorting(distances, members, dropped, ranks);
  for (const std::int64_t member : members) {
    if (member != dropped) ranks.push_back(rank_of(distances, member));
  }
  std::sort(ranks.begin(), ranks.end());
}

}  // namespace oodml::metrics
