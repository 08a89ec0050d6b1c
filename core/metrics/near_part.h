#pragma once

#include <span>
#include <vector>

#include "core/metrics/key_counts.h"

namespace oodml::metrics {

/// The entries of a row that come before its last wanted member: ranks of these members are the same among them.
struct NearPart {
  std::vector<Key> keys;              ///< In the order of the row.
  std::vector<std::int64_t> members;  ///< Positions in `keys`, ascending.
};

/// Fills `part` for the members, ascending, whose rank is at most `limit`; some more may be in it.
void take_near_part(std::span<const Key> keys, std::span<const std::int64_t> members, std::int64_t limit,
                    NearPart& part);

}  // namespace oodml::metrics
