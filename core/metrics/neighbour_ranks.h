#pragma once

#include <functional>

#include "core/metrics/metric.h"
#include "core/metrics/same_class_ranks.h"

namespace oodml::metrics {

struct NeighbourOptions {
  bool exclude_self_by_index = false;  ///< Else the nearest row is left out, whichever it is.
  RankDepth depth = RankDepth::kAll;
  std::function<bool()> keep_going;  ///< Asked between tiles; false gives kCancelled.
};

/// Exact search of every row among all others: calls `visit` once a row, from several threads at a time, with the
/// ranks of the rows of its class. Order: squared Euclidean distance ||x||^2 + ||y||^2 - 2 x.y in single precision,
/// clipped at 0 (as FAISS computes it), equal distances by row. Memory: a tile of some rows x N.
Status visit_same_class_ranks(const LabelledSet& set, const NeighbourOptions& options,
                              const std::function<void(std::int64_t row, const QueryRanks& query)>& visit);

/// The same by tensor operations on the device of the embeddings: what visit_same_class_ranks does off the CPU.
Status visit_same_class_ranks_on_device(const LabelledSet& set, const NeighbourOptions& options,
                                        const std::function<void(std::int64_t row, const QueryRanks& query)>& visit);

}  // namespace oodml::metrics
