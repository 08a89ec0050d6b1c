#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace oodml::metrics {

using Key = std::int32_t;

/// Positions ranked by one reading of a row of keys.
inline constexpr std::size_t kCountedAtOnce = 8;

/// The 1-based ranks of the entries at `positions`, ascending, in the order of the keys, equal keys by position;
/// appended to `ranks` in the order of `positions`. Keys are smaller than INT32_MAX where a position names them.
void count_ranks(std::span<const Key> keys, std::span<const std::int64_t> positions, std::vector<std::int64_t>& ranks);

}  // namespace oodml::metrics
