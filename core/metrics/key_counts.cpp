#include "core/metrics/key_counts.h"

#include <algorithm>
#include <array>

#include "core/products/wide.h"

// Compiled with -O3 -fopenmp-simd: loops over rows of keys are where evaluation spends what the matrix product leaves.

namespace oodml::metrics {
namespace {

/// Adds to counts[m] how many keys are smaller than limits[m]. Scalars, because GCC keeps no array in registers here.
void count_eight(const Key* keys, std::int64_t n, const Key* limits, std::int32_t* counts) {
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

Key minimum(const Key* keys, std::int64_t n) {
  Key smallest = kLastKey;
#pragma omp simd reduction(min : smallest)
  for (std::int64_t j = 0; j < n; ++j) smallest = keys[j] < smallest ? keys[j] : smallest;
  return smallest;
}

/// Up to this many limits, comparing a key with each of them takes no longer than a search.
constexpr std::size_t kFewLimits = 96;
constexpr std::int64_t kKeysAtOnce = 32;

void compare_with_each(const Key* limits, std::int64_t n, const Key* keys, std::int32_t* found) {
  std::int32_t counts[kKeysAtOnce] = {};
  for (std::int64_t m = 0; m < n; ++m) {
    const Key limit = limits[m];
    for (std::int64_t i = 0; i < kKeysAtOnce; ++i) counts[i] += limit <= keys[i];
  }
  for (std::int64_t i = 0; i < kKeysAtOnce; ++i) found[i] = counts[i];
}

/// Of one key among n >= 1 limits, without a branch that could be foreseen wrongly.
std::int32_t search_limits(const Key* limits, std::int64_t n, Key key) {
  const Key* from = limits;
  while (n > 1) {
    const std::int64_t half = n / 2;
    from += half & -static_cast<std::int64_t>(from[half - 1] <= key);
    n -= half;
  }
  return static_cast<std::int32_t>(from - limits) + static_cast<std::int32_t>(*from <= key);
}

}  // namespace

void count_limits(std::span<const Key> ascending, std::span<const Key> keys, std::span<std::int32_t> found) {
  if (ascending.size() > kFewLimits) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      found[i] = search_limits(ascending.data(), std::ssize(ascending), keys[i]);
    }
    return;
  }
  std::size_t begin = 0;
  for (; begin + kKeysAtOnce <= keys.size(); begin += kKeysAtOnce) {
    products::wide<compare_with_each>(ascending.data(), std::ssize(ascending), keys.data() + begin,
                                      found.data() + begin);
  }
  if (begin == keys.size()) return;
  std::array<Key, kKeysAtOnce> last{};
  std::array<std::int32_t, kKeysAtOnce> of_last;
  std::ranges::copy(keys.subspan(begin), last.begin());
  products::wide<compare_with_each>(ascending.data(), std::ssize(ascending), last.data(), of_last.data());
  std::copy_n(of_last.begin(), keys.size() - begin, found.begin() + static_cast<std::ptrdiff_t>(begin));
}

void count_below(std::span<const Key> keys, std::span<const Key> limits, std::span<std::int64_t> counts) {
  for (std::size_t begin = 0; begin < limits.size(); begin += kCountedAtOnce) {
    const std::size_t some = std::min(kCountedAtOnce, limits.size() - begin);
    std::array<Key, kCountedAtOnce> of_pass{};
    std::array<std::int32_t, kCountedAtOnce> counted{};
    std::copy_n(limits.begin() + static_cast<std::ptrdiff_t>(begin), some, of_pass.begin());
    products::wide<count_eight>(keys.data(), static_cast<std::int64_t>(keys.size()), of_pass.data(), counted.data());
    std::copy_n(counted.begin(), some, counts.begin() + static_cast<std::ptrdiff_t>(begin));
  }
}

Key smallest_key(std::span<const Key> keys) {
  return products::wide<minimum>(keys.data(), static_cast<std::int64_t>(keys.size()));
}

}  // namespace oodml::metrics
