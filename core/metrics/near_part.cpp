#include "core/metrics/near_part.h"

#include <algorithm>

#include "core/products/wide.h"

// Compiled with -O3 -fopenmp-simd, as key_counts.cpp is.

namespace oodml::metrics {
namespace {

constexpr std::int64_t kBlock = 64;

/// Appends the keys up to `last` of n keys to `to`, which has room for n; starts[b]: how many before block b. Most
/// blocks of a row hold none of them.
std::int64_t copy_up_to(const Key* keys, std::int64_t n, Key last, Key* to, std::int64_t* starts) {
  std::int64_t taken = 0;
  for (std::int64_t begin = 0; begin < n; begin += kBlock) {
    *starts++ = taken;
    const std::int64_t end = std::min(begin + kBlock, n);
    Key smallest = kLastKey;
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

/// Positions of keys in [first, last]; `to` has room for n.
std::int64_t find_between(const Key* keys, std::int64_t n, Key first, Key last, std::int64_t* to) {
  std::int64_t found = 0;
  const auto span = static_cast<std::uint32_t>(last - first);
  for (std::int64_t begin = 0; begin < n; begin += kBlock) {
    const std::int64_t end = std::min(begin + kBlock, n);
    std::int32_t within = 0;
#pragma omp simd reduction(+ : within)
    for (std::int64_t j = begin; j < end; ++j) within += static_cast<std::uint32_t>(keys[j] - first) <= span;
    if (within == 0) continue;
    for (std::int64_t j = begin; j < end; ++j) {
      to[found] = j;
      found += static_cast<std::uint32_t>(keys[j] - first) <= span;
    }
  }
  return found;
}

}  // namespace

void NearPart::take(std::span<const Key> keys, Key last) {
  row_ = keys;
  last_ = last;
  part_.resize(keys.size() + 1);  // one more, as the loop writes before it decides
  starts_.resize(keys.size() / kBlock + 1);
  size_ = static_cast<std::size_t>(products::wide<copy_up_to>(keys.data(), static_cast<std::int64_t>(keys.size()), last,
                                                              part_.data(), starts_.data()));
}

std::int64_t NearPart::row_of(std::size_t position) const {
  const auto blocks = static_cast<std::ptrdiff_t>((row_.size() + kBlock - 1) / kBlock);
  const auto after = std::upper_bound(starts_.begin(), starts_.begin() + blocks, static_cast<std::int64_t>(position));
  const std::int64_t block = after - starts_.begin() - 1;
  std::int64_t left = static_cast<std::int64_t>(position) - starts_[block];
  std::int64_t row = block * kBlock;
  while (row_[row] > last_ || left-- > 0) ++row;
  return row;
}

void append_between(std::span<const Key> keys, Key first, Key last, std::vector<std::int64_t>& positions) {
  thread_local std::vector<std::int64_t> found;
  found.resize(keys.size() + 1);
  const std::int64_t count =
      products::wide<find_between>(keys.data(), static_cast<std::int64_t>(keys.size()), first, last, found.data());
  positions.insert(positions.end(), found.begin(), found.begin() + count);
}

}  // namespace oodml::metrics
