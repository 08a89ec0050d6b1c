#include "core/metrics/same_class_ranks.h"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <utility>

#include "core/metrics/near_part.h"
#include "core/metrics/wide.h"

// This file is compiled with -O3 -fopenmp-simd: its loops over a row of keys are where evaluation spends what the
// matrix product leaves.

namespace oodml::metrics {
namespace {

/// Up to this many members, counting passes are cheaper than sorting the row.
constexpr std::size_t kCountingMembers = 320;

OODML_WIDE void euclidean_row(const float* products, const float* norms, float norm, Key* keys, std::int64_t n) {
  for (std::int64_t j = 0; j < n; ++j) {
    const float distance = (norm + norms[j]) - 2.0f * products[j];
    keys[j] = std::bit_cast<Key>(distance > 0.0f ? distance : 0.0f);  // the bits of floats >= 0 order as they do
  }
}

OODML_WIDE void cosine_row(const float* products, const float* inverse_norms, float inverse_norm, Key* keys,
                           std::int64_t n) {
  constexpr Key kOfZero = 0x40000000;  // the bits of 2, above those of every |cosine|
  for (std::int64_t j = 0; j < n; ++j) {
    const auto bits = std::bit_cast<Key>(products[j] * inverse_norms[j] * inverse_norm);
    const Key magnitude = bits & 0x7fffffff;
    keys[j] = bits < 0 ? kOfZero + magnitude : kOfZero - magnitude;
  }
}

OODML_WIDE Key minimum(const Key* keys, std::int64_t n) {
  Key smallest = kLastKey;
#pragma omp simd reduction(min : smallest)
  for (std::int64_t j = 0; j < n; ++j) smallest = keys[j] < smallest ? keys[j] : smallest;
  return smallest;
}

/// The nearest member that is not dropped, or -1.
std::int64_t nearest_member(std::span<const Key> keys, std::span<const std::int64_t> members, std::int64_t dropped) {
  std::int64_t nearest = -1;
  for (const std::int64_t member : members) {
    if (member != dropped && (nearest < 0 || keys[member] < keys[nearest])) nearest = member;
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

/// Sorts the whole row. The sign bit of a key is free: shifted out, it makes room for the mark of a member in bit 0,
/// which is not sorted by.
void ranks_by_sorting(std::span<const Key> keys, std::span<const std::int64_t> members,
                      std::vector<std::int64_t>& ranks) {
  thread_local std::vector<std::uint32_t> words, other;
  words.resize(keys.size());
  other.resize(keys.size());
  for (std::size_t j = 0; j < keys.size(); ++j) words[j] = static_cast<std::uint32_t>(keys[j]) << 1;
  for (const std::int64_t member : members) words[member] |= 1;
  radix_pass<11>(words, other, 1);
  radix_pass<10>(other, words, 12);
  radix_pass<10>(words, other, 22);
  for (std::size_t j = 0; j < other.size(); ++j) {
    if ((other[j] & 1) != 0) ranks.push_back(static_cast<std::int64_t>(j) + 1);
  }
}

}  // namespace

void euclidean_keys(std::span<const float> products, std::span<const float> norms, float norm, std::span<Key> keys) {
  euclidean_row(products.data(), norms.data(), norm, keys.data(), static_cast<std::int64_t>(keys.size()));
}

void cosine_keys(std::span<const float> products, std::span<const float> inverse_norms, float inverse_norm,
                 std::span<Key> keys) {
  cosine_row(products.data(), inverse_norms.data(), inverse_norm, keys.data(), static_cast<std::int64_t>(keys.size()));
}

std::int64_t first_minimum(std::span<const Key> keys) {
  const Key smallest = minimum(keys.data(), static_cast<std::int64_t>(keys.size()));
  return std::find(keys.begin(), keys.end(), smallest) - keys.begin();
}

void same_class_ranks(std::span<Key> keys, std::span<const std::int64_t> members, std::int64_t dropped,
                      RankDepth depth, std::vector<std::int64_t>& ranks) {
  ranks.clear();
  if (dropped >= 0) keys[dropped] = kLastKey;
  thread_local std::vector<std::int64_t> wanted;
  wanted.clear();
  if (depth.first_only) {
    const std::int64_t nearest = nearest_member(keys, members, dropped);
    if (nearest >= 0) wanted.push_back(nearest);
  } else {
    std::copy_if(members.begin(), members.end(), std::back_inserter(wanted), [&](auto m) { return m != dropped; });
  }
  if (wanted.size() <= kCountedAtOnce) {
    count_ranks(keys, wanted, ranks);
  } else {
    thread_local NearPart part;
    take_near_part(keys, wanted, std::max(depth.limit, static_cast<std::int64_t>(members.size())), part);
    if (part.members.size() > kCountingMembers) return ranks_by_sorting(part.keys, part.members, ranks);
    count_ranks(part.keys, part.members, ranks);
  }
  std::sort(ranks.begin(), ranks.end());
}

}  // namespace oodml::metrics
