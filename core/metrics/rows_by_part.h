#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace oodml::metrics {

/// The rows of each part of a partition, ascending.
class RowsByPart {
 public:
  /// part_of[row] is from 0 to count - 1.
  RowsByPart(std::span<const std::int64_t> part_of, std::int64_t count);

  std::span<const std::int64_t> of(std::int64_t part) const {
    return std::span(rows_).subspan(starts_[part], starts_[part + 1] - starts_[part]);
  }

 private:
  std::vector<std::int64_t> starts_, rows_;
};

}  // namespace oodml::metrics
