#include "core/metrics/key_counts.h"

#include <algorithm>
#include <array>

#include "core/metrics/wide.h"

// Compiled with -O3 -fopenmp-simd, as same_class_ranks.cpp is.

namespace oodml::metrics {
namespace {

using Limits = std::array<Key, kCountedAtOnce>;
using Counts = std::array<std::int32_t, kCountedAtOnce>;

/// Adds to counts[m] how many keys are smaller than limits[m]. Scalars, because GCC keeps no array in registers here.
OODML_WIDE void count_below(const Key* keys, std::int64_t n, const Key* limits, std::int32_t* counts) {
  const Key l0 = limits[0], l1 = limits[1], l2 = limits[2], l3 = limits[3];
  const Key l4 = limits[4], l5 = limits[5], l6 = limits[6], l7 = limits[7];
  std::int32_t c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, c6 = 0, c7 = 0;
#pragma omp simd reduction(+ : c0, c1, c2, c3, c4, c5, c6, c7)
  for (std::int64_t j = 0; j < n; ++j) {
    const Key key = keys[j];
    c0 += key < l0, c1 += key < l1, c2 += key < l2, c3 += key < l3;
    c4 += key < l4, c5 += key < l5, c6 += key < l6, c7 += key < l7;
  }
  counts[0] += c0, counts[1] += c1, counts[2] += c2, counts[3] += c3;
  counts[4] += c4, counts[5] += c5, counts[6] += c6, counts[7] += c7;
}

/// Up to a position equal keys come before it, from there on behind it: its limit falls by one when it is passed.
void count_some(std::span<const Key> keys, std::span<const std::int64_t> positions, std::vector<std::int64_t>& ranks) {
  Limits limits{};
  Counts counts{};
  for (std::size_t m = 0; m < positions.size(); ++m) limits[m] = keys[positions[m]] + 1;
  std::int64_t begin = 0;
  for (std::size_t m = 0; m <= positions.size(); ++m) {
    const auto end = m < positions.size() ? positions[m] : static_cast<std::int64_t>(keys.size());
    count_below(keys.data() + begin, end - begin, limits.data(), counts.data());
    if (m < positions.size()) --limits[m];
    begin = end;
  }
  for (std::size_t m = 0; m < positions.size(); ++m) ranks.push_back(1 + counts[m]);
}

}  // namespace

void count_ranks(std::span<const Key> keys, std::span<const std::int64_t> positions, std::vector<std::int64_t>& ranks) {
  for (std::size_t begin = 0; begin < positions.size(); begin += kCountedAtOnce) {
    count_some(keys, positions.subspan(begin, std::min(kCountedAtOnce, positions.size() - begin)), ranks);
  }
}

}  // namespace oodml::metrics
