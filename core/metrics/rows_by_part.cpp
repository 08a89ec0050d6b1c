#include "core/metrics/rows_by_part.h"

#include <numeric>

namespace oodml::metrics {

RowsByPart::RowsByPart(std::span<const std::int64_t> part_of, std::int64_t count)
    : starts_(static_cast<std::size_t>(count) + 1, 0), rows_(part_of.size()) {
  for (const std::int64_t part : part_of) ++starts_[part + 1];
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  std::vector<std::int64_t> next = starts_;
  for (std::size_t row = 0; row < rows_.size(); ++row) rows_[next[part_of[row]]++] = static_cast<std::int64_t>(row);
}

}  // namespace oodml::metrics
