#pragma once

#include <algorithm>
#include <vector>

#include "core/metrics/neighbour_ranks.h"

namespace oodml::metrics {

/// A search as the two ways of doing it (on the CPU and on a device) see it.
class NeighbourSearch {
 public:
  /// Of every row among the others.
  NeighbourSearch(const LabelledSet& set, const NeighbourOptions& options);
  /// Of every query in a gallery.
  NeighbourSearch(const LabelledSet& queries, const LabelledSet& gallery, const NeighbourOptions& options);
  /// The same search under other options.
  NeighbourSearch(const NeighbourSearch& search, const NeighbourOptions& options)
      : queries_(search.queries_),
        rows_(search.rows_),
        options_(options),
        leaves_query_out_(search.leaves_query_out_),
        query_classes_(search.query_classes_) {}

  const LabelledSet& queries() const { return queries_; }
  const LabelledSet& rows() const { return rows_; }
  const NeighbourOptions& options() const { return options_; }
  bool leaves_query_out() const { return leaves_query_out_; }
  /// [queries] class of a query in the numbering of the rows, -1 where they have none.
  const std::vector<std::int64_t>& query_classes() const { return query_classes_; }
  std::span<const std::int64_t> members(std::int64_t query) const;

  /// What a metric is told about a query with these ranks.
  QueryRanks told(std::int64_t query, std::span<const std::int64_t> ranks) const;

  /// Calls body(begin, end) for tiles of queries whose products with all rows take about `bytes`.
  template <typename Body>
  Status for_each_tile(std::int64_t bytes, Body body) const {
    const std::int64_t row_bytes = rows_.size() * static_cast<std::int64_t>(sizeof(float));
    return for_each_strip(std::clamp<std::int64_t>(bytes / row_bytes, 16, 4096), body);
  }

  /// Calls body(begin, end) for so many queries at a time, or fewer at the end.
  template <typename Body>
  Status for_each_strip(std::int64_t tile, Body body) const {
    const std::int64_t n = queries_.size();
    for (std::int64_t begin = 0; begin < n; begin += tile) {
      if (options_.go_on && !options_.go_on(static_cast<double>(begin) / static_cast<double>(n))) {
        return failure(StatusCode::kCancelled, "evaluate: cancelled between tiles of neighbours");
      }
      body(begin, std::min(begin + tile, n));
    }
    return {};
  }

 private:
  const LabelledSet& queries_;
  const LabelledSet& rows_;
  const NeighbourOptions& options_;
  const bool leaves_query_out_;
  std::vector<std::int64_t> query_classes_;
};

/// By matrix products and plain loops over their rows. In single precision norms must be moderate where cosines are
/// asked for.
Status search_on_cpu(const NeighbourSearch& search, const VisitRanks& visit);
/// By tensor operations on the device of the rows.
Status search_on_device(const NeighbourSearch& search, const VisitRanks& visit);

}  // namespace oodml::metrics
