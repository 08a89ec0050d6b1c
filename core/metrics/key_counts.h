#pragma once

#include <cstdint>
#include <span>

namespace oodml::metrics {

/// Where a row stands in the order of a query's neighbours: a smaller key is nearer. Keys are 0 or larger and smaller
/// than kLastKey.
using Key = std::int32_t;
inline constexpr Key kLastKey = INT32_MAX;

/// Limits that one reading of a row of keys serves.
inline constexpr std::size_t kCountedAtOnce = 8;

/// counts[m] becomes the number of keys that are smaller than limits[m]; as many counts as limits.
void count_below(std::span<const Key> keys, std::span<const Key> limits, std::span<std::int64_t> counts);

/// found[i] becomes how many of the ascending limits are no larger than keys[i]; as many as keys.
void count_limits(std::span<const Key> ascending, std::span<const Key> keys, std::span<std::int32_t> found);

/// kLastKey for no keys.
Key smallest_key(std::span<const Key> keys);

}  // namespace oodml::metrics
