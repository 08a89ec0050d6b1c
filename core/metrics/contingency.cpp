#include "core/metrics/contingency.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/metrics/rows_by_part.h"

namespace oodml::metrics {
namespace {

/// The ids as numbers from 0 in their order.
struct Numbered {
  std::vector<std::int64_t> numbers;
  std::vector<double> sizes;  ///< Rows of each number.
};

Numbered numbered(std::span<const std::int64_t> ids) {
  std::vector<std::int64_t> known(ids.begin(), ids.end());
  std::ranges::sort(known);
  known.erase(std::unique(known.begin(), known.end()), known.end());
  const bool is_dense = !known.empty() && known.front() == 0 && known.back() == std::ssize(known) - 1;
  Numbered all{.numbers = {ids.begin(), ids.end()}, .sizes = std::vector<double>(known.size(), 0.0)};
  for (std::int64_t& id : all.numbers) {
    if (!is_dense) id = std::ranges::lower_bound(known, id) - known.begin();
    all.sizes[id] += 1;
  }
  return all;
}

}  // namespace

Contingency contingency_of(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  if (a.size() != b.size()) throw std::invalid_argument("contingency: partitions of different lengths");
  Numbered of_a = numbered(a), of_b = numbered(b);
  Contingency table;
  const RowsByPart rows(of_a.numbers, std::ssize(of_a.sizes));
  std::vector<double> counts(of_b.sizes.size(), 0.0);
  std::vector<std::int64_t> met;
  for (std::int64_t part = 0; part < std::ssize(of_a.sizes); ++part) {
    met.clear();
    for (const std::int64_t row : rows.of(part)) {
      const std::int64_t other = of_b.numbers[row];
      if (counts[other] == 0.0) met.push_back(other);
      counts[other] += 1;
    }
    std::ranges::sort(met);
    for (const std::int64_t other : met) {
      table.joint.push_back({part, other, counts[other]});
      counts[other] = 0.0;
    }
  }
  table.sizes_a = std::move(of_a.sizes);
  table.sizes_b = std::move(of_b.sizes);
  return table;
}

}  // namespace oodml::metrics
