#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/metrics/key_counts.h"

namespace oodml::metrics {

/// The keys of a row up to a last one, in the order of the row.
class NearPart {
 public:
  /// Reads a row anew. `keys` must outlive the use of this part.
  void take(std::span<const Key> keys, Key last);

  std::span<const Key> keys() const { return {part_.data(), size_}; }
  /// Where in the row the key at a position of keys() stands.
  std::int64_t row_of(std::size_t position) const;

 private:
  std::span<const Key> row_;
  Key last_ = 0;
  std::vector<Key> part_;
  std::vector<std::int64_t> starts_;  ///< Of each block of the row: how many keys were taken before it.
  std::size_t size_ = 0;
};

/// Appends the positions of keys in [first, last], ascending, to `positions`.
void append_between(std::span<const Key> keys, Key first, Key last, std::vector<std::int64_t>& positions);

}  // namespace oodml::metrics
